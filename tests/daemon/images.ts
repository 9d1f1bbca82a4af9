/** What images say of themselves: Incus shows a container's image by its description. @module */

const descriptions: Readonly<Record<string, string>> = {
  "images:ubuntu/22.04": "Ubuntu jammy amd64 (20260815_07:42)",
  "images:debian/12": "Debian bookworm amd64 (20260815_05:24)",
  "images:debian/13": "Debian trixie amd64 (20260815_05:24)",
  "images:rockylinux/9": "Rockylinux 9 amd64 (20260815_02:06)",
  "images:alpine/3.20": "Alpine 3.20 amd64 (20260815_13:00)",
  "images:fedora/42": "Fedora 42 amd64 (20260815_20:33)",
  "local:rhel9": "Red Hat Enterprise Linux 9",
  "local:windows-server-2022": "Windows Server 2022",
};

/** The description of the image that a container is created from. */
export function descriptionOf(image: string): string {
  return descriptions[image] ?? "Ubuntu noble amd64 (20260815_07:42)";
}
