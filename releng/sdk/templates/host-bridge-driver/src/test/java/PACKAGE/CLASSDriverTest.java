package @PACKAGE@;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PciConfiguration;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.machine.api.Ram;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

/** What the driver does to the hardware: each access is a line. */
class @CLASS@DriverTest implements PhysicalBus, PciConfiguration {
  private static final long ECAM = 0x40_1000_0000L;
  private static final PlatformNode NODE = FakeNode.at("/pcie@10000000").compatible("@VENDOR@,@NAME@").window(ECAM, 4 << 20)
      .cells("bus-range", 2, 5).build();
  private final List<String> seen = new ArrayList<>();

  private HostBridge open() {
    return new @CLASS@Driver().open(NODE, this);
  }

  @Test void readsAndWritesWhereTheFunctionIs() {
    assertEquals(0x1234, open().read(0x0308, 0x10, 2));
    open().write(0x0308, 0x3C, 1, 0x1A5);
    assertEquals(List.of("read 108010 2", "write 10803c 1 a5"), seen);
  }

  @Test void busesBehindOthersAreNotAsked() {
    assertEquals(-1, open().read(0x0108, 0, 4));
    assertEquals(0xFF, open().read(0x0600, 0, 1));
    open().write(0x0600, 0, 4, 1);
    assertEquals(List.of(), seen);
  }

  @Test void whatAbortsIsAbsent() {
    assertEquals(0xFFFF, open().read(0x0500, 0xFFC, 2));
  }

  @Test void whatIsTrappedIsAConfigurationCycle() {
    assertEquals(0x77, open().trappedRead(this, ECAM + 0x10_8004, 4));
    open().trappedWrite(this, ECAM + 0x10_8004, 2, 6);
    assertEquals(List.of("seen 308 4 4", "seen 308 4 2 6"), seen);
  }

  @Test void twoDriversDoTheSame() {
    readsAndWritesWhereTheFunctionIs();
    seen.clear();
    readsAndWritesWhereTheFunctionIs();
  }

  @Test void aNodeWithoutAnEcamIsRefused() {
    assertThrows(HypervisorException.class, () -> new @CLASS@Driver().open(FakeNode.at("/pcie").build(), this));
  }

  @Override public Ram ram(long address) {
    return null;
  }

  @Override public long read(long address, int size) {
    if ((address & 0xFFF) == 0xFFC) {
      throw ExternalAbort.INSTANCE;
    }
    seen.add("read " + Long.toHexString(address - ECAM) + " " + size);
    return 0x1234;
  }

  @Override public void write(long address, int size, long value) {
    seen.add("write " + Long.toHexString(address - ECAM) + " " + size + " " + Long.toHexString(value));
  }

  @Override public int read(int rid, int register, int size) {
    seen.add("seen " + Integer.toHexString(rid) + " " + register + " " + size);
    return 0x77;
  }

  @Override public void write(int rid, int register, int size, int value) {
    seen.add("seen " + Integer.toHexString(rid) + " " + register + " " + size + " " + value);
  }
}
