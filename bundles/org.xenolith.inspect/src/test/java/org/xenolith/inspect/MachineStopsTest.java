// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.AddressWatcher;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** What is watched for places, and what becomes of what is told. A machine's own part is in its tests. */
class MachineStopsTest {
  private static final Platform PLATFORM = new Platform("one UART", Fdt.of(new FdtNode("", List.of(), List.of())), List.of(new PlatformNode(
      "/uart@1000", "uart@1000", "/", List.of(), List.of("toy"), true, List.of(new AddressWindow(0x1000, 0x100)), List.of(), Map.of())),
      new Platform.Timing(1, 1));

  private final List<String> calls = new ArrayList<>();
  private AddressWatcher addresses;
  private MachineWatcher watcher;
  private List<WatchedAddress> watched = List.of();
  private final MachineStops stops = new MachineStops((Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {
      Machine.class}, (proxy, method, arguments) -> call(method.getName(), arguments)));

  @SuppressWarnings("unchecked")
  private Object call(String name, Object[] arguments) {
    switch (name) {
      case "platform" -> {
        return PLATFORM;
      }
      case "watch" -> {
        if (arguments.length == 2) {
          addresses = (AddressWatcher) arguments[0];
          watched = (List<WatchedAddress>) arguments[1];
        } else {
          calls.add("watch");
          watcher = (MachineWatcher) arguments[0];
        }
      }
      default -> calls.add(name);
    }
    return null;
  }

  @Test
  void aRegisterIsItsPhysicalAddress() {
    StopPlace place = new StopPlace.Register("/uart@1000", 0, 0x10, 4, false, true);
    StopPoint point = stops.add(place);
    WatchedAddress register = new WatchedAddress(Kind.WRITE, Space.PHYSICAL, 0x1010, 4);
    assertEquals(List.of(register), watched);
    addresses.met(Optional.empty(), register, 0x1010, 4, true);
    assertEquals(List.of("stop"), calls);
    assertEquals(List.of(new StopReport(place, OptionalInt.empty(), 0x1010, true, "")), stops.take());
    assertEquals(List.of(), stops.take(), "each is told once");
    point.close();
    assertEquals(List.of(), watched);
  }

  @Test
  void aRegisterThatThereIsNotIsRefusedAndNothingIsWatched() {
    for (StopPlace.Register wrong : List.of(new StopPlace.Register("/uart@2000", 0, 0, 4, true, true), new StopPlace.Register("/uart@1000",
        1, 0, 4,
        true, true), new StopPlace.Register("/uart@1000", 0, 0xFE, 4, true, true))) {
      assertTrue(assertThrows(IllegalArgumentException.class, () -> stops.add(wrong)).getMessage().startsWith(wrong.device()));
    }
    assertEquals(List.of(), watched);
    assertEquals(List.of(), calls);
  }

  @Test
  void aConditionThatDoesNotHoldStopsNothing() {
    List<Long> asked = new ArrayList<>();
    stops.add(new StopPlace.Instruction(0x40), report -> {
      asked.add(report.address());
      return asked.size() == 2;
    });
    addresses.met(Optional.empty(), watched.getFirst(), 0x40, 0, false);
    assertEquals(List.of(), calls);
    addresses.met(Optional.empty(), watched.getFirst(), 0x40, 0, false);
    assertEquals(List.of("stop"), calls);
    assertEquals(1, stops.take().size());
  }

  @Test
  void exceptionsExitsAndEventsAreWatchedAsLongAsOneIsAPlace() {
    StopPoint exit = stops.add(new StopPlace.GuestExit(ExitKind.HYPERVISOR, Pattern.compile("HVC")));
    StopPoint event = stops.add(new StopPlace.Event("model-failed", Pattern.compile("uart")));
    assertEquals(List.of("watch"), calls, "once");
    watcher.exitBegins(ExitKind.FIRMWARE, "HVC", 0);
    watcher.event("model-added", "/uart", "uart");
    assertEquals(1, calls.size());
    watcher.exitBegins(ExitKind.HYPERVISOR, "HVC from AArch64", 0);
    watcher.event("model-failed", "/uart@1000", "the uart threw");
    assertEquals(List.of("watch", "stop", "stop"), calls);
    assertEquals(List.of("hypervisor HVC from AArch64", "model-failed /uart@1000: the uart threw"), stops.take().stream().map(
        StopReport::text)
        .toList());
    exit.close();
    event.close();
    assertEquals("forget", calls.getLast());
  }

  @Test
  void whatSomebodyTellsOfStopsTheMachineUntilItIsClosed() {
    List<BiConsumer<OptionalInt, String>> told = new ArrayList<>();
    StopPlace place = new StopPlace.Reported("a node", (machine, listener) -> {
      told.add(listener);
      return () -> calls.add("ended");
    });
    StopPoint point = stops.add(place);
    assertEquals(List.of(), calls, "nothing else is watched");
    told.getFirst().accept(OptionalInt.of(1), "the store, for d1");
    assertEquals(List.of("stop"), calls);
    assertEquals(List.of(new StopReport(place, OptionalInt.of(1), 0, false, "the store, for d1")), stops.take());
    stops.change(List.of(point), List.of(), report -> true);
    assertEquals(List.of("stop", "ended"), calls);
  }

  @Test
  void whoIsRefusedLeavesNobodyTelling() {
    StopPlace place = new StopPlace.Reported("a node", (machine, listener) -> () -> calls.add("ended"));
    StopPlace refusing = new StopPlace.Reported("another", (machine, listener) -> {
      throw new IllegalArgumentException("there is none");
    });
    assertThrows(IllegalArgumentException.class, () -> stops.change(List.of(), List.of(place, refusing), report -> true));
    assertEquals(List.of("ended"), calls);
  }
}
