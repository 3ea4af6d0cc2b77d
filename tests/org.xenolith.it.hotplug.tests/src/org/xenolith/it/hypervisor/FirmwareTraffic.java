// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.xenolith.launch.kit.RequestBuilder;

/**
 * Debian as Dom0 by ACPI, whose shell has two loops: one makes, reads and deletes EFI's variables, the other writes to a disk behind PCI and
 * reads it back. Booted once and saved; each guest begins there, with the store of variables as it was then.
 */
final class FirmwareTraffic {
  static final String FILES = "/sys/firmware/efi/efivars/";
  /**
   * Linux' own vendor of what a crash left (LINUX_EFI_CRASH_GUID), whose variables may have any name: those of most others no program changes
   * without chattr, and the specification's have to hold what it says.
   */
  static final String GUID = "cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0";
  private static final int VARIABLES = 8;
  private static final int BLOCKS = 64;
  private static final int BLOCK = 16 << 10;
  private static final int PIECES = 61;
  private static final int LAST = 200_000;
  static final String END = "traffic ended";
  /** The Nth turn makes variable N modulo 8 anew. */
  private static final String VARIABLE_LOOP = "vars() { i=0; while [ $i -lt $1 ] && [ ! -e /end ]; do i=$((i+1)); f=" + FILES
      + "Turn$((i%"
      + VARIABLES + "))-" + GUID
      + "; [ -e $f ] && rm -f $f; printf \"\\007\\000\\000\\000turn $i\" > $f; echo \"V $i $(tail -c +5 $f)\"; done; }";
  /** The Nth turn writes piece N modulo 61 of a file of numbers to block N modulo 64. */
  private static final String DISK_LOOP = "disk() { i=0; while [ $i -lt $1 ] && [ ! -e /end ]; do i=$((i+1)); b=$((i%" + BLOCKS
      + ")); dd if=/n of=/dev/nvme0n1 bs=" + BLOCK + " skip=$((i%" + PIECES + ")) seek=$b count=1 conv=fsync 2>/dev/null;"
      + " dd if=/dev/nvme0n1 of=/w bs=" + BLOCK + " skip=$b count=1 iflag=direct 2>/dev/null; echo \"D $i $(md5sum < /w)\"; done; }";

  private static final byte[] NUMBERS = IntStream.rangeClosed(1, LAST).mapToObj(i -> i + "\n").collect(Collectors.joining()).getBytes(
      StandardCharsets.US_ASCII);

  private final Path store;
  private final Path snapshot;

  private FirmwareTraffic(Path folder) {
    store = folder.resolve("vars.img");
    snapshot = folder.resolve("snapshot");
  }

  /** Boots it. @param folder for what belongs to the guest */
  static FirmwareTraffic boot(Path folder) throws IOException {
    FirmwareTraffic traffic = new FirmwareTraffic(folder);
    Path disk = Files.write(folder.resolve("nvme.raw"), new byte[BLOCKS * BLOCK]);
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", "3").boardOption("iommu", "smmuv3")
        .cpus(2).memory(1L << 30).guest("debian").append("quiet cryptomgr.notests xl.efi xl.pci xl.shell").hypervisor(true)
        .option("firmware", "acpi").option("efi-variables", traffic.store.toString()).option("pci", "1.0=root-port 1.0/0.0=nvme")
        .disks(List.of(disk + ",pci=1.0/0.0")).bootsAgain(true).build())) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      guest.typeAtBoard("seq " + LAST + " > /n");
      guest.typeAtBoard(VARIABLE_LOOP);
      guest.typeAtBoard(DISK_LOOP);
      assertEquals("D 1 " + md5(piece(1)) + "  -\nV 1 turn 1", guest.dom0("disk 1; vars 1"), guest.board()::text);
      traffic.save(guest, traffic.snapshot);
    }
    return traffic;
  }

  /** The guest as it was saved at first. */
  HypervisorGuest resume() throws IOException {
    return resume(snapshot);
  }

  /** The guest as it was saved there; no other one of this folder may run. */
  HypervisorGuest resume(Path saved) throws IOException {
    Files.copy(copy(saved), store, StandardCopyOption.REPLACE_EXISTING);
    return HypervisorGuest.launch(RequestBuilder.ofSnapshot(saved).bootsAgain(true).build());
  }

  /** Saves a guest with its variables. */
  void save(HypervisorGuest guest, Path saved) throws IOException {
    guest.save(saved);
    Files.copy(store, copy(saved));
  }

  private static Path copy(Path saved) {
    return saved.resolveSibling(saved.getFileName() + ".vars");
  }

  /** Has both loops begin. @param turns of each */
  static void begin(HypervisorGuest guest, int turns) {
    guest.typeAtBoard("(disk " + turns + " > /d) & vars " + turns + " | tee /v; wait; echo \"" + END.replace(" ", " \"\"") + "\"");
  }

  /** Has the disk's loop begin, which nobody waits for until {@link #stop}. */
  static void beginDisk(HypervisorGuest guest) {
    guest.typeAtBoard("disk " + Short.MAX_VALUE + " > /d &");
  }

  /** Runs until all loops are at their end, and looks at what they saw. */
  static void finish(HypervisorGuest guest, int turns) {
    end(guest);
    check(guest, turns);
  }

  /** Runs until all loops are at their end, if they aren't there already. */
  static void end(HypervisorGuest guest) {
    guest.runUntil(guest.board(), END + "\n", 0);
  }

  /** What both loops saw is what they did, and all of it is still there. */
  static void check(HypervisorGuest guest, int turns) {
    List<String> expected = new ArrayList<>();
    IntStream.rangeClosed(1, turns).forEach(i -> expected.add("V " + i + " turn " + i));
    expected.addAll(turns(turns));
    assertEquals(expected, guest.dom0("cat /v /d").lines().toList());
    assertEquals(variables(turns), variables(guest));
    assertEquals(disk(turns), disk(guest));
  }

  /** Stops the disk's loop. @return the turns that it did, none of which saw anything wrong */
  static int stop(HypervisorGuest guest) {
    guest.dom0("touch /end");
    guest.typeAtBoard("wait");
    List<String> lines = guest.dom0("cat /d").lines().toList();
    assertEquals(turns(lines.size()), lines);
    assertEquals(disk(lines.size()), disk(guest));
    return lines.size();
  }

  /** What the loop's variables hold, in the order of their names. */
  static List<String> variables(HypervisorGuest guest) {
    return guest.dom0("for f in " + FILES + "Turn?-" + GUID + "; do tail -c +5 $f; echo; done").lines().toList();
  }

  /** MD5 of all that is on the disk. */
  static String disk(HypervisorGuest guest) {
    return guest.dom0("echo 3 > /proc/sys/vm/drop_caches; md5sum < /dev/nvme0n1 | cut -c-32");
  }

  /** The same by what the loop does; it has no fewer turns than there are variables. */
  static List<String> variables(int turns) {
    return IntStream.range(0, VARIABLES).mapToObj(k -> "turn " + (turns - (turns - k) % VARIABLES)).toList();
  }

  static String disk(int turns) {
    byte[] disk = new byte[BLOCKS * BLOCK];
    for (int turn = 1; turn <= turns; turn++) {
      System.arraycopy(piece(turn), 0, disk, turn % BLOCKS * BLOCK, BLOCK);
    }
    return md5(disk);
  }

  private static List<String> turns(int turns) {
    return IntStream.rangeClosed(1, turns).mapToObj(i -> "D " + i + " " + md5(piece(i)) + "  -").toList();
  }

  private static byte[] piece(int turn) {
    int from = turn % PIECES * BLOCK;
    return Arrays.copyOfRange(NUMBERS, from, from + BLOCK);
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
