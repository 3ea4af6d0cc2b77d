// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.util.List;
import java.util.Optional;
import org.xenolith.boot.api.BoardConsole;

/** A kernel of Debian's that makes a guest of its own. Packages of another architecture than arm64 have it behind their names, as apt writes it. */
public enum DebianKernel {
  /** The one that an arm64 system gets by default; pages of 4 KiB. */
  USUAL("debian", "Debian's arm64 kernel with busybox, fetched from Debian's archive", 70, "", List.of("linux-image-arm64")),
  /** The one with pages of 16 KiB. In bookworm there is none but of the newer kernel in the security archive. */
  PAGES_16K("debian-16k", "Debian's arm64 kernel with pages of 16 KiB, for --granules 4k,16k", 105, "",
      List.of("linux-image-arm64-16k", "linux-image-6.12-arm64-16k")),
  /** The one that an amd64 system gets by default. */
  AMD64("debian-amd64", "Debian's amd64 kernel with busybox, for PCs", 72, ":amd64", List.of("linux-image-amd64:amd64")),
  /** The one for virtual machines, with fewer drivers. */
  AMD64_CLOUD("debian-amd64-cloud", "Debian's amd64 kernel for virtual machines, with busybox, for PCs", 28, ":amd64",
      List.of("linux-image-cloud-amd64:amd64"));

  final String guest;
  final String description;
  final int megabytes;
  /** What is behind the names of its packages. */
  final String architecture;
  final List<String> metapackages;

  DebianKernel(String guest, String description, int megabytes, String architecture, List<String> metapackages) {
    this.guest = guest;
    this.description = description;
    this.megabytes = megabytes;
    this.architecture = architecture;
    this.metapackages = metapackages;
  }

  /** Whether it is one of arm64. */
  boolean arm() {
    return architecture.isEmpty();
  }

  /** Whether init can start the system on a disk: on a PC, which has no firmware here, nobody else does. */
  boolean startsDisks() {
    return this == AMD64;
  }

  /**
   * What it is told in any case: its console, early messages too where a tree says which that is, and that a panic is a reset.
   *
   * @param console the board's console. That of a PC is COM1, wherever a tree has it: a PC's kernel hasn't seen that tree
   */
  String commandLine(Optional<BoardConsole> console) {
    if (!arm()) {
      return "console=ttyS0 panic=-1";
    }
    String word = console.map(ConsoleWord::of).orElse("console=ttyAMA0");
    return (word + " earlycon panic=-1").strip();
  }
}
