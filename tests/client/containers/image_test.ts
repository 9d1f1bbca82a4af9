import { assertEquals } from "@std/assert";
import { contradictsOs as remembered, imageReference } from "../../../client/containers/image.ts";

let calls = 0;

/** Decides anew each time: for the same description, what was decided before would count. */
function contradictsOs(image: string, os: string): boolean {
  return remembered(`${image} build${calls++}`, os);
}

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

Deno.test("contradictsOs() knows the distributions of image servers, and Ubuntu's releases by name", () => {
  const distributions = [
    ...["almalinux", "alpine", "amazonlinux", "archlinux", "busybox", "centos", "debian", "devuan"],
    ...["fedora", "gentoo", "kali", "mint", "nixos", "opensuse", "openwrt", "oracle", "rhel"],
    ...["rocky", "rockylinux", "slackware", "springdalelinux", "ubuntu", "voidlinux", "windows"],
  ];
  for (const name of distributions) {
    assertEquals(contradictsOs(`${name} current amd64`, "plan9_4"), true, name);
    assertEquals(contradictsOs(`my${name} image`, "plan9_4"), false, name);
  }
  const releases = {
    bionic: "1804",
    focal: "2004",
    jammy: "2204",
    noble: "2404",
    oracular: "2410",
    plucky: "2504",
    questing: "2510",
  };
  for (const [name, number] of Object.entries(releases)) {
    assertEquals(contradictsOs(`Ubuntu ${name} amd64`, `ubuntu_${number}`), false, name);
    assertEquals(contradictsOs(`Ubuntu ${name} amd64`, "ubuntu_1404"), true, name);
  }
});

Deno.test("contradictsOs() goes by releases only where the image names one", () => {
  const cases = [
    ["Rockylinux amd64", "rocky_9", false],
    ["Rockylinux 10 amd64", "rocky_10", false],
    ["Rockylinux 100", "rocky_9", false],
    ["RHEL 8", "rhel_9", true],
    ["Red Hat Enterprise Linux 8", "rhel_9", true],
    ["rhel 9", "rocky_9", true],
    ["Ubuntu 124.04", "ubuntu_2404", false],
    ["Ubuntu 24.041", "ubuntu_2404", false],
    ["Ubuntu toString", "ubuntu_2404", false],
    ["Ubuntu jammy noble", "ubuntu_2404", false],
    ["Debian 12", "debian_13", false],
    ["Ubuntu", "ubuntu", false],
    [`Debian ${"x".repeat(400)}`, "ubuntu_2404", true],
    [`Ubuntu noble ${"x".repeat(400)}`, "ubuntu_2404", false],
  ] as const;
  for (const [image, os, contradicts] of cases) {
    assertEquals(contradictsOs(image, os), contradicts, `${image} beside ${os}`);
  }
});

Deno.test("imageReference() reads what image servers write, and guesses at nothing else", async (t) => {
  const cases: Readonly<Record<string, string | undefined>> = {
    "Ubuntu noble amd64 (20260815_07:42)": "images:ubuntu/noble",
    "Debian bookworm arm64 (cloud) (20260815_05:24)": "images:debian/bookworm/cloud",
    "Alpine 3.20 amd64 (20260815_13:00)": "images:alpine/3.20",
    "Debian bookworm minimal": undefined,
    "x Debian bookworm amd64 (20260815_05:24)": undefined,
    "Debian bookworm amd64 (20260815_05:24) x": undefined,
    "Debian bookworm amd64 20260815": undefined,
    "Debian bookworm mips (20260815_05:24)": undefined,
    "Debian bookworm arm64 (20260815_05:24)": "images:debian/bookworm",
    "Debian bookworm armhf (20260815_05:24)": "images:debian/bookworm",
    "Debian bookworm i386 (20260815_05:24)": "images:debian/bookworm",
    "Debian bookworm ppc64el (20260815_05:24)": "images:debian/bookworm",
    "Debian bookworm riscv64 (20260815_05:24)": "images:debian/bookworm",
    "Debian bookworm s390x (20260815_05:24)": "images:debian/bookworm",
    "our baked image": undefined,
    "": undefined,
  };
  for (const [image, reference] of Object.entries(cases)) {
    await t.step(image, () => assertEquals(imageReference(image), reference));
  }
});
