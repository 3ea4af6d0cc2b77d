// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import java.util.List;
import java.util.Set;
import org.xenolith.command.api.BadInput;

/**
 * What can't be meant by who asks for a boot, seen before anything is built or fetched, in the same words on the command line and in a
 * dialog. Everything is a text as the command line has it, and called by its option there.
 */
public final class BootRules {
  /** What says which board there is. */
  public static final String BOARD = "BOARD";
  /** Most CPUs of a machine. */
  public static final int MOST_CPUS = 8;
  /** What {@code --on-panic} takes first. */
  public static final String STOP = "stop";
  /** The other thing that it takes. */
  public static final String CONTINUE = "continue";

  /** Options that say what a snapshot has decided already. */
  private static final List<String> IN_SNAPSHOT = List.of(BOARD, "--dtb", "--guest", "--kernel", "--initrd", "--append",
      "--fallback", "--module", "--add-file", "--package", "--el2", "--kernel-address", "--entry", "--option",
      "--cpus", "--memory", "--gic", "--granules", "--disk", "--nic", "--virtio-console", "--pci", "--pcie", "--iommu",
      "--set", "--hypervisor", "--domu", "--no-dom0", "--dom0-memory", "--dom0-vcpus");

  private BootRules() {}

  /** Whether a snapshot to continue has decided what this option says. */
  public static boolean inSnapshot(String option) {
    return IN_SNAPSHOT.contains(option);
  }

  /**
   * Refuses options that can't be meant together.
   *
   * @param said the options that are given
   * @throws BadInput that says which and why; the option that is at fault comes first in its message
   */
  public static void together(Set<String> said) {
    if (said.contains("--symbols") && !said.contains("--profile")) {
      throw new BadInput("--symbols names addresses of a profile: say where to write it with --profile");
    }
    if (said.contains("--record") && said.contains("--replay")) {
      throw new BadInput("--record and --replay exclude each other: a replayed run takes no new input");
    }
    if (said.contains("--kernel") && said.contains("--guest")) {
      throw new BadInput("--kernel and --guest exclude each other: name a file or a guest");
    }
    boolean address = said.contains("--kernel-address");
    if (!said.contains("--kernel") && (address || said.contains("--entry"))) {
      throw new BadInput((address ? "--kernel-address" : "--entry") + " is about a file: name it with --kernel");
    }
    if ((said.contains("--hypervisor") || said.contains("--domu")) && (address || said.contains("--entry"))) {
      throw new BadInput("--hypervisor excludes --kernel-address and --entry: a domain's kernel goes where its builder puts it");
    }
    boolean load = said.contains("--load");
    if (said.contains("--no-dom0") && !said.contains("--domu") && !load) {
      throw new BadInput("--no-dom0 leaves nothing to run: name domains with --domu");
    }
    if (load) {
      IN_SNAPSHOT.stream().filter(said::contains).findFirst().ifPresent(other -> {
        throw new BadInput("--load and " + other + " exclude each other: board, guest and disks are the snapshot's");
      });
    }
  }

  /** Checks a number of CPUs. @throws BadInput if no machine has so many */
  public static void cpus(String text) {
    within("--cpus", text, MOST_CPUS);
  }

  /** Checks a number from 1 on. @throws BadInput if it is none, or more than {@code most} */
  public static void within(String option, String text, int most) {
    if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
      throw new BadInput(option + " " + text + ": expected 1 to " + most);
    }
  }

  /** Checks a version of the interrupt controller. @throws BadInput if there is no such version */
  public static void gic(String text) {
    if (!text.equals("2") && !text.equals("3")) {
      throw new BadInput("--gic " + text + ": expected 2 or 3");
    }
  }

  /** Checks what shall follow a panic. @throws BadInput if it is neither {@link #STOP} nor {@link #CONTINUE} */
  public static void onPanic(String text) {
    if (!text.equals(STOP) && !text.equals(CONTINUE)) {
      throw new BadInput("--on-panic '" + text + "': expected stop or continue");
    }
  }

  /**
   * Takes a text of {@code --set} apart.
   *
   * @return node, option and value
   * @throws BadInput if it isn't {@code NODE:OPTION=VALUE}
   */
  public static List<String> setting(String text) {
    int equals = text.indexOf('=');
    int colon = equals < 0 ? -1 : text.lastIndexOf(':', equals);
    if (colon <= 0) {
      throw new BadInput("--set '" + text + "': expected NODE:OPTION=VALUE, for example /pl031@9010000:epoch-seconds=0");
    }
    return List.of(text.substring(0, colon), text.substring(colon + 1, equals), text.substring(equals + 1));
  }

  /**
   * Takes a text of {@code --module} apart.
   *
   * @return kind, file and command line, which may be empty
   * @throws BadInput if it isn't {@code KIND=FILE[,WORDS]}
   */
  public static List<String> module(String text) {
    int equals = text.indexOf('=');
    int comma = text.indexOf(',', equals + 1);
    if (equals <= 0) {
      throw new BadInput("--module '" + text + "': expected KIND=FILE[,WORDS], for example kernel=Image,console=hvc0");
    }
    return List.of(text.substring(0, equals), comma < 0 ? text.substring(equals + 1) : text.substring(equals + 1, comma),
        comma < 0 ? "" : text.substring(comma + 1));
  }

  /**
   * Takes a text of {@code --add-file} apart.
   *
   * @return the path in the guest, and the file
   * @throws BadInput if it isn't {@code GUEST-PATH=FILE}
   */
  public static List<String> addedFile(String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new BadInput("--add-file '" + text + "': expected GUEST-PATH=FILE, for example /bin/bench=bench");
    }
    return List.of(text.substring(0, equals), text.substring(equals + 1));
  }
}
