// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.kit.DevicePath;

/**
 * What EFI_SECURITY_ARCH_PROTOCOL and EFI_SECURITY2_ARCH_PROTOCOL must keep (UEFI Platform Initialization 1.8, volume 2, 12.9), with a
 * policy that allows some files and not others. Whatever is wrong with a question, no file may be used by it that wasn't judged.
 */
public abstract class SecurityContract {
  private static final long NOWHERE = 0x10;
  private static final int ROOM = 1 << 16;
  private static final int PAGE = 4096;
  /** What the policy may say of a file that isn't authentic: not at all, or not yet. */
  private static final Set<EfiStatus> DENIED = Set.of(EfiStatus.ACCESS_DENIED, EfiStatus.SECURITY_VIOLATION);
  private static final List<EfiStatus> FAILURES = List.of(EfiStatus.DEVICE_ERROR, EfiStatus.OUT_OF_RESOURCES, EfiStatus.ABORTED);

  /** Who offers the protocols. */
  public interface Security {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of EFI_SECURITY_ARCH_PROTOCOL. */
    long security();

    /** Address of EFI_SECURITY2_ARCH_PROTOCOL. */
    long security2();

    /** A PE file with a section that the policy allows, of up to 64 KiB. */
    byte[] allowed();

    /** A PE file that it doesn't allow, of up to 64 KiB. */
    byte[] forbidden();
  }

  /** A new one. */
  protected abstract Security security();

  private static final class Bench {
    final Security security;
    final FakeFirmware firmware;
    final EfiRam memory;
    final long path;
    final long room;

    Bench(Security security) {
      this.security = security;
      firmware = security.firmware();
      memory = firmware.memory();
      byte[] bytes = new DevicePath().file("\\a.efi").bytes();
      path = firmware.room(bytes.length);
      memory.write(path, bytes);
      room = firmware.room(ROOM);
    }

    /** FileAuthentication, which keeps nothing. */
    EfiStatus ask(long file, long buffer, long size, long bootPolicy) {
      int before = firmware.allocated();
      EfiStatus status = ProtocolCall.status(firmware, security.security2(), 0, file, buffer, size, bootPolicy);
      assertEquals(before, firmware.allocated(), "memory stays allocated");
      return status;
    }

    /** What is said of a file in memory, which stays as it is. */
    EfiStatus judge(long file, byte[] bytes, long size, long bootPolicy) {
      memory.write(room, bytes);
      EfiStatus status = ask(file, room, size, bootPolicy);
      assertArrayEquals(bytes, memory.read(room, bytes.length), "the file is changed");
      return status;
    }

    EfiStatus judge(byte[] bytes) {
      return judge(path, bytes, bytes.length, 0);
    }

    void denied(EfiStatus status, String what) {
      assertTrue(DENIED.contains(status), what + ": " + status);
    }

    EfiStatus state(long status, long file) {
      int before = firmware.allocated();
      EfiStatus said = ProtocolCall.status(firmware, security.security(), 0, status, file);
      assertEquals(before, firmware.allocated(), "memory stays allocated");
      return said;
    }

    /** What it says afterwards is what it has always said. */
    void works() {
      assertEquals(EfiStatus.SUCCESS, judge(security.allowed()), "afterwards");
      denied(judge(security.forbidden()), "afterwards");
    }

    /** Places that are no paths. */
    long[] noPaths() {
      long broken = firmware.room(PAGE);
      memory.write(broken, new byte[] {4, 4, 2, 0});
      long unending = FakeRam.BASE + FakeRam.SIZE - PAGE;
      memory.write(unending, new byte[] {4, 4, 0, 0x7F});
      return new long[] {broken, unending, NOWHERE, FakeRam.BASE - 4, FakeRam.BASE + FakeRam.SIZE, -4};
    }
  }

  @Test
  void anAllowedFileMayBeUsed() {
    Bench bench = new Bench(security());
    byte[] file = bench.security.allowed();
    for (long path : new long[] {bench.path, 0}) {
      for (long bootPolicy : new long[] {0, 1}) {
        assertEquals(EfiStatus.SUCCESS, bench.judge(path, file, file.length, bootPolicy), path == 0 ? "in memory" : "with a path");
      }
    }
  }

  @Test
  void aForbiddenFileMayNotBeUsed() {
    Bench bench = new Bench(security());
    byte[] file = bench.security.forbidden();
    for (long path : new long[] {bench.path, 0}) {
      for (long bootPolicy : new long[] {0, 1}) {
        bench.denied(bench.judge(path, file, file.length, bootPolicy), path == 0 ? "in memory" : "with a path");
      }
    }
    bench.works();
  }

  @Test
  void aFileThatWasChangedIsAnother() {
    Bench bench = new Bench(security());
    byte[] file = bench.security.allowed();
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int optional = in.getInt(60) + 24;
    int section = optional + in.getShort(optional - 4);
    int from = in.getInt(section + 20);
    int size = in.getInt(section + 16);
    for (int at : new int[] {optional + 16, section + 36, from, from + size / 2, from + size - 1}) {
      byte[] changed = file.clone();
      changed[at] ^= 1;
      bench.denied(bench.judge(changed), "changed at " + at + " of " + file.length);
    }
    bench.works();
  }

  @Test
  void aFileThatIsCutOffIsAnother() {
    Bench bench = new Bench(security());
    byte[] file = bench.security.allowed();
    for (int size : new int[] {0, 1, 2, 63, 64, 65, 0x58, 0x140, file.length / 2, file.length - 8, file.length - 1}) {
      bench.denied(bench.judge(bench.path, file, size, 0), size + " bytes of " + file.length);
      bench.denied(bench.judge(0, file, size, 0), size + " bytes of " + file.length + " in memory");
    }
    bench.works();
  }

  @Test
  void withoutAFileADeviceIsMeant() {
    Bench bench = new Bench(security());
    for (long size : new long[] {0, 100}) {
      for (long bootPolicy : new long[] {0, 1}) {
        EfiStatus status = bench.ask(bench.path, 0, size, bootPolicy);
        assertTrue(status == EfiStatus.SUCCESS || status == EfiStatus.SECURITY_VIOLATION, "whether a device may be used: " + status);
      }
    }
    bench.ask(0, 0, 0, 0);
    bench.works();
  }

  @Test
  void whereThereIsNoMemoryThereIsNoFile() {
    Bench bench = new Bench(security());
    byte[] file = bench.security.allowed();
    long end = FakeRam.BASE + FakeRam.SIZE;
    for (long place : new long[] {NOWHERE, FakeRam.BASE - file.length, end, end - 1, end - file.length + 1, -file.length}) {
      assertNotEquals(EfiStatus.SUCCESS, bench.ask(bench.path, place, file.length, 0), "a file at 0x" + Long.toHexString(place));
      assertNotEquals(EfiStatus.SUCCESS, bench.ask(0, place, file.length, 0), "a file at 0x" + Long.toHexString(place));
    }
    for (long size : new long[] {FakeRam.SIZE, 1L << 32, file.length + (1L << 32), Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      assertNotEquals(EfiStatus.SUCCESS, bench.judge(bench.path, file, size, 0), "0x" + Long.toHexString(size) + " bytes");
    }
    bench.works();
  }

  @Test
  void aPathThatIsNoneChangesNothing() {
    Bench bench = new Bench(security());
    for (long path : bench.noPaths()) {
      byte[] file = bench.security.forbidden();
      bench.denied(bench.judge(path, file, file.length, 0), "a file of a path at 0x" + Long.toHexString(path));
    }
    bench.works();
  }

  @Test
  void aStateIsAnsweredByAStatus() {
    Bench bench = new Bench(security());
    for (long status : new long[] {0, 0xA, 0xF, 0xFFFF_FFFFL, 0xABCD_0000_0000_0000L}) { // bits above a parameter's are anybody's (AAPCS64)
      EfiStatus said = bench.state(status, bench.path);
      assertTrue(said == EfiStatus.SUCCESS || DENIED.contains(said), "of 0x" + Long.toHexString(status) + ": " + said);
      assertNotEquals(EfiStatus.SUCCESS, bench.state(status, 0), "without a file");
    }
    for (long path : bench.noPaths()) {
      EfiStatus said = bench.state(0, path);
      assertTrue(said == EfiStatus.SUCCESS || said == EfiStatus.INVALID_PARAMETER || DENIED.contains(said), "of no path: " + said);
    }
    bench.works();
  }

  /** What others are asked on the way fails: that isn't permission. */
  @Test
  void whatCannotBeReadAllowsNothing() {
    Bench bench = new Bench(security());
    FakeFaults faults = bench.firmware.faults();
    EfiStatus usual = bench.state(0, bench.path);
    for (EfiStatus failure : FAILURES) {
      boolean happened = true;
      for (int number = 1; happened; number++) {
        faults.call(number, failure);
        assertNotEquals(EfiStatus.SUCCESS, bench.judge(bench.security.forbidden()), "call " + number + " answers " + failure);
        happened = faults.happened();
        faults.call(number, failure);
        EfiStatus said = bench.state(0, bench.path);
        assertTrue(usual == EfiStatus.SUCCESS || said != EfiStatus.SUCCESS, "a state where call " + number + " answers " + failure);
        happened |= faults.happened();
        faults.none();
      }
    }
    bench.works();
  }

  @Test
  void withoutMemoryNothingIsAllowed() {
    Bench bench = new Bench(security());
    FakeFaults faults = bench.firmware.faults();
    boolean happened = true;
    for (int number = 1; happened; number++) {
      faults.allocation(number);
      assertNotEquals(EfiStatus.SUCCESS, bench.judge(bench.security.forbidden()), "without memory " + number);
      happened = faults.happened();
      faults.none();
    }
    bench.works();
  }
}
