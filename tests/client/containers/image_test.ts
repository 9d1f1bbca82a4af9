import { assertEquals } from "@std/assert";
import { contradictsOs, imageReference } from "../../../client/containers/image.ts";

Deno.test("contradictsOs() finds the operating system that an image cannot be", async (t) => {
  const cases: readonly (readonly [image: string, os: string, contradicts: boolean])[] = [
    ["Debian bookworm minimal", "ubuntu_2404", true],
    ["Debian bookworm amd64 (20260815_05:24)", "ubuntu_2404", true],
    ["Alpine 3.20 amd64 (20260815_13:00)", "ubuntu_2404", true],
    ["Ubuntu jammy amd64 (20260815_07:42)", "ubuntu_2404", true],
    ["images:ubuntu/22.04", "ubuntu_2404", true],
    ["Rockylinux 8 amd64 (20260815_02:06)", "rocky_9", true],
    ["Ubuntu noble amd64 (20260815_07:42)", "ubuntu_2404", false],
    ["images:ubuntu/24.04", "ubuntu_2404", false],
    ["Ubuntu 24.04 LTS server", "ubuntu_2404", false],
    ["Rockylinux 9 amd64 (20260815_02:06)", "rocky_9", false],
    ["Red Hat Enterprise Linux 9", "rhel_9", false],
    ["windows-server-2022", "windows_2022", false],
    ["our baked image", "ubuntu_2404", false],
    ["constructor __proto__", "ubuntu_2404", false],
    ["", "ubuntu_2404", false],
  ];
  for (const [image, os, contradicts] of cases) {
    await t.step(`${image} beside ${os}`, () => {
      assertEquals(contradictsOs(image, os), contradicts);
    });
  }
});

Deno.test("imageReference() reads what image servers write, and guesses at nothing else", async (t) => {
  const cases: Readonly<Record<string, string | undefined>> = {
    "Ubuntu noble amd64 (20260815_07:42)": "images:ubuntu/noble",
    "Debian bookworm arm64 (cloud) (20260815_05:24)": "images:debian/bookworm/cloud",
    "Alpine 3.20 amd64 (20260815_13:00)": "images:alpine/3.20",
    "Debian bookworm minimal": undefined,
    "our baked image": undefined,
    "": undefined,
  };
  for (const [image, reference] of Object.entries(cases)) {
    await t.step(image, () => assertEquals(imageReference(image), reference));
  }
});
