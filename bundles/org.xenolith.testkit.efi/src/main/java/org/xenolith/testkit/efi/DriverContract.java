// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/**
 * What every driver of firmware must keep, whatever it drives (UEFI 2.10, 11.1): it takes one controller's one protocol, leaves the others alone, and leaves
 * nothing behind, neither by Stop nor by a Start that fails at whatever point.
 */
public abstract class DriverContract {
  /** What stands for a bus here: a driver that consumes one of these consumes no other. */
  public static final List<EfiGuid> BUSES = List.of(Protocol.XEN_IO, Protocol.XEN_BUS, Protocol.VIRTIO_DEVICE, Protocol.PCI_IO,
      Protocol.PCI_ROOT_BRIDGE_IO, Protocol.EXT_SCSI_PASS_THRU, Protocol.SCSI_IO);
  private static final long NOWHERE = 0x10;
  private static final int MOST = 5000;
  private static final long ALL_ONES = -1;

  /** The layer, as its component makes it: a {@link org.xenolith.efi.boot.kit.DriverLayer}, or what behaves like one. */
  protected abstract EfiLayer layer();

  /** The one protocol by which it manages a controller. */
  protected abstract EfiGuid managed();

  /**
   * Puts a controller into firmware, in which the layer has begun, that the driver supports, and whose Start succeeds each time.
   *
   * @param firmware what {@link #firmware} has made
   * @return its handle
   */
  protected abstract long controller(FakeFirmware firmware);

  /** New firmware without the layer, whose tree has what the layer looks for there; an empty one unless a test says otherwise. */
  protected FakeFirmware firmware() {
    return new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  }

  /** What is to be as it was after each Stop, besides handles, memory and events: grants, frames that are mapped. As text, for messages. */
  protected String outside() {
    return "";
  }

  /** A driver and its controller. */
  private final class Bench {
    final FakeFirmware firmware = firmware();
    final EfiLayer layer = layer();
    final long controller;
    final long driver;

    Bench() {
      layer.begin(firmware);
      controller = DriverContract.this.controller(firmware);
      driver = firmware.handles().handles(Protocol.DRIVER_BINDING).stream().filter(each -> firmware.handles().find(each,
          Protocol.DRIVER_BINDING) == firmware.binding(layer)).findFirst().orElseThrow();
    }

    String state() {
      return FirmwareState.of(firmware) + outside();
    }

    long ask(String function, long... arguments) {
      return firmware.call(firmware.function(layer, function), arguments);
    }

    long supported(long handle) {
      return ask("Supported", firmware.binding(layer), handle, 0);
    }

    long start(long handle) {
      return ask("Start", firmware.binding(layer), handle, 0);
    }

    /** Children, as they are known by what uses the controller. */
    long[] children() {
      return firmware.handles().uses(controller, managed()).stream().filter(use -> use.agent() == driver && (use.attributes()
          & HandleDatabase.BY_CHILD_CONTROLLER) != 0).mapToLong(HandleDatabase.Use::controller).distinct().toArray();
    }

    /** How many protocols are installed. */
    long protocols() {
      return firmware.handles().handles(null).stream().mapToLong(handle -> firmware.handles().protocols(handle).size()).sum();
    }

    void stop(String when) {
      assertEquals(0, firmware.disconnect(layer, controller, children()), () -> "Stop " + when);
    }
  }

  @Test
  void supportedLeavesTheControllerAsItWas() {
    Bench bench = new Bench();
    String before = bench.state();
    for (int i = 0; i < 3; i++) {
      assertEquals(0, bench.supported(bench.controller), "a controller that the test says is supported");
      assertEquals(before, bench.state());
    }
  }

  @Test
  void stopLeavesNothingOfWhatStartMade() {
    Bench bench = new Bench();
    String before = bench.state();
    for (int i = 0; i < 3; i++) {
      long protocols = bench.protocols();
      assertEquals(0, bench.start(bench.controller));
      assertTrue(bench.protocols() > protocols, "Start publishes nothing");
      bench.stop("of what was started");
      assertEquals(before, bench.state());
    }
  }

  @Test
  void aSecondStartChangesNothing() {
    Bench bench = new Bench();
    assertEquals(0, bench.start(bench.controller));
    String before = bench.state();
    assertEquals(EfiStatus.ALREADY_STARTED.code(), bench.supported(bench.controller), "Supported of what is managed");
    assertEquals(before, bench.state());
    assertEquals(EfiStatus.ALREADY_STARTED.code(), bench.start(bench.controller), "Start of what is managed");
    assertEquals(before, bench.state());
  }

  @Test
  void oneProtocolOfTheControllerIsManaged() {
    Bench bench = new Bench();
    assertEquals(0, bench.start(bench.controller));
    HandleDatabase handles = bench.firmware.handles();
    int managing = 0;
    for (long handle : handles.handles(null)) {
      for (EfiGuid protocol : handles.protocols(handle)) {
        for (HandleDatabase.Use use : handles.uses(handle, protocol)) {
          if (use.agent() == bench.driver && (use.attributes() & HandleDatabase.BY_DRIVER) != 0) {
            managing++;
            assertTrue(handle == bench.controller && protocol.equals(managed()), () -> "opens " + protocol
                + " BY_DRIVER, and the test says "
                + managed());
          }
        }
      }
    }
    assertEquals(1, managing, "uses of the driver with BY_DRIVER");
  }

  @Test
  void otherBusesAreLeftAlone() {
    Bench bench = new Bench();
    HandleDatabase handles = bench.firmware.handles();
    long plain = handles.install(0, Protocol.DEVICE_PATH, bench.firmware.room(4));
    bench.firmware.memory().put32(handles.find(plain, Protocol.DEVICE_PATH), 0x0004_FF7FL);
    List<EfiGuid> others = BUSES.stream().filter(bus -> !bus.equals(managed())).toList();
    for (EfiGuid bus : others) {
      // Its functions are nowhere: who looks at it gets another error.
      long handle = handles.install(0, bus, NOWHERE);
      refused(bench, handle, bus);
    }
    refused(bench, plain, Protocol.DEVICE_PATH);
    long none = 0x7777_7777L;
    assertNotEquals(0, bench.supported(none), "no handle");
    assertNotEquals(0, bench.start(none), "no handle");
  }

  private static void refused(Bench bench, long handle, EfiGuid has) {
    String before = bench.state();
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(bench.supported(handle)), () -> "Supported of a controller with nothing but " + has);
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(bench.start(handle)), () -> "Start of a controller with nothing but " + has);
    assertEquals(before, bench.state());
  }

  @Test
  void ofTwoBusesOnlyItsOwnIsTouched() {
    Bench known = new Bench();
    assertEquals(0, known.start(known.controller));
    List<EfiGuid> published = known.firmware.handles().protocols(known.controller);
    Bench bench = new Bench();
    HandleDatabase handles = bench.firmware.handles();
    List<EfiGuid> others = BUSES.stream().filter(bus -> !published.contains(bus)).toList();
    others.forEach(bus -> handles.install(bench.controller, bus, NOWHERE));
    String before = bench.state();
    assertEquals(0, bench.firmware.connect(bench.layer, bench.controller), "with another bus's protocol beside its own");
    for (EfiGuid bus : others) {
      assertEquals(List.of(), handles.uses(bench.controller, bus), () -> "uses of " + bus);
      assertEquals(NOWHERE, handles.find(bench.controller, bus));
    }
    bench.stop("with another bus's protocol beside its own");
    assertEquals(before, bench.state());
  }

  @Test
  void stopOfWhatIsntManagedChangesNothing() {
    Bench bench = new Bench();
    String before = bench.state();
    assertNotEquals(0, bench.firmware.disconnect(bench.layer, bench.controller), "Stop of a controller that nobody manages");
    assertEquals(before, bench.state());
    long list = bench.firmware.room(8);
    bench.firmware.memory().put64(list, bench.controller);
    long binding = bench.firmware.binding(bench.layer);
    assertNotEquals(0, bench.ask("Stop", binding, 0x7777_7777L, 0, 0), "Stop of no handle");
    assertEquals(before, bench.state());
    assertEquals(0, bench.start(bench.controller));
    String started = bench.state();
    if (bench.children().length > 0) {
      assertNotEquals(0, bench.ask("Stop", binding, bench.controller, 1, list), "Stop of a child that is none");
      assertEquals(started, bench.state());
      assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(bench.ask("Stop", binding, bench.controller, 1, NOWHERE)),
          "Stop with a list of children where there is no memory");
      assertEquals(started, bench.state());
    }
    bench.stop("behind such that failed");
    assertEquals(before, bench.state());
  }

  @Test
  void aMadeUpBindingIsRefused() {
    Bench bench = new Bench();
    String before = bench.state();
    long room = bench.firmware.room(64);
    bench.firmware.memory().write(room, bench.firmware.memory().read(bench.firmware.binding(bench.layer), 48));
    for (long self : new long[] {room, 0, NOWHERE, bench.firmware.binding(bench.layer) + 8, ALL_ONES}) {
      for (String function : List.of("Supported", "Start", "Stop", "GetDriverName")) {
        assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(bench.ask(function, self, bench.controller, 0, 0)), () -> function + " of 0x"
            + Long.toHexString(self));
        assertEquals(before, bench.state());
      }
    }
  }

  @Test
  void theDriverHasAName() {
    Bench bench = new Bench();
    FakeFirmware firmware = bench.firmware;
    long name = firmware.handles().find(bench.driver, Protocol.COMPONENT_NAME2);
    long room = firmware.room(16);
    firmware.memory().put8(room, 'e');
    firmware.memory().put8(room + 1, 'n');
    assertEquals(0, bench.ask("GetDriverName", name, room, room + 8));
    assertFalse(firmware.memory().text(firmware.memory().get64(room + 8), 100).isBlank(), "a name for people");
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(bench.ask("GetDriverName", name, 0, room + 8)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(bench.ask("GetDriverName", name, room, 0)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(bench.ask("GetDriverName", name, room, NOWHERE)));
    firmware.memory().put8(room, 'x');
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(bench.ask("GetDriverName", name, room, room + 8)));
  }

  @Test
  void aStartThatGetsNoMemoryLeavesNothing() {
    Bench bench = new Bench();
    eachFault(bench, "allocation", bench.firmware.faults()::allocation);
  }

  @Test
  void aStartThatIsRefusedSomethingLeavesNothing() {
    Bench bench = new Bench();
    for (EfiStatus status : List.of(EfiStatus.DEVICE_ERROR, EfiStatus.OUT_OF_RESOURCES, EfiStatus.NOT_FOUND)) {
      eachFault(bench, status + " of call", number -> bench.firmware.faults().call(number, status));
    }
  }

  @Test
  void aStartThatHardwareLiesToLeavesNothing() {
    Bench bench = new Bench();
    for (long value : new long[] {0, ALL_ONES}) {
      eachFault(bench, "0x" + Long.toHexString(value) + " by access", number -> bench.firmware.faults().access(number, value));
    }
  }

  /** A Stop ends wherever it is when its driver's bundle is taken away. Back again, the driver is asked once more, and can be started then. */
  @Test
  void aStopThatWasLeftBehindIsMadeGoodByTheNext() {
    Bench bench = new Bench();
    String before = bench.state();
    for (int number = 1; number < MOST; number++) {
      String where = "a Stop whose driver was taken away before step " + number;
      assertEquals(0, bench.start(bench.controller), () -> "Start behind " + where);
      bench.firmware.faults().step(number);
      long status = bench.firmware.disconnect(bench.layer, bench.controller, bench.children());
      boolean happened = bench.firmware.faults().happened();
      bench.firmware.faults().none();
      if (status != 0) {
        bench.stop("behind " + where);
      }
      assertEquals(before, bench.state(), where);
      if (!happened) {
        return;
      }
    }
    fail("a Stop doesn't come to an end");
  }

  /** Start with a fault at its first, second and each further place, until there are no more; and the controller can be managed each time afterwards. */
  private static void eachFault(Bench bench, String what, LongConsumer fault) {
    String before = bench.state();
    for (int number = 1; number < MOST; number++) {
      String where = what + ' ' + number;
      fault.accept(number);
      long status = bench.start(bench.controller);
      boolean happened = bench.firmware.faults().happened();
      bench.firmware.faults().none();
      if (status == 0) {
        bench.stop("of what started in spite of " + where);
      }
      assertEquals(before, bench.state(), () -> "a Start with a fault, " + where + ", came to " + EfiStatus.of(status));
      if (!happened) {
        assertEquals(0, status, "Start without a fault");
        return;
      }
    }
    fail("a Start doesn't come to an end of what can go wrong: " + what);
  }
}
