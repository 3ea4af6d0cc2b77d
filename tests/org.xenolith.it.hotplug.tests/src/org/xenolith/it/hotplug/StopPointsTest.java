// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.it.guest.BootedGuest;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.WatchedAddress.Space;

/** Kernels of both architectures that are stopped at everything that a machine can be stopped at, and come to what they come to without. */
class StopPointsTest {
  private static final RunLimit LATE = new RunLimit(Long.MAX_VALUE, 2 * BootedGuest.BOOTED);
  /** Instructions that are executed while conditions are asked that never hold, thousands of times. */
  private static final long REST = 100_000;
  /** Most stops at one place. */
  private static final int MOST = 40;

  @Test
  void anArmKernelStopsWhereItIsToAndSeesNothing() throws IOException {
    stops("virt", new StopPlace.Register("/pl011@9000000", 0, 0, 4, false, true), 0x900_0000L, "IRQ");
  }

  @Test
  void aPcsKernelStopsWhereItIsToAndSeesNothing() throws IOException {
    stops("pc-pvh", new StopPlace.Access(Space.PHYSICAL, PhysicalBus.PORTS | 0x3F8, 1, false, true), PhysicalBus.PORTS | 0x3F8,
        "interrupt");
  }

  private static void stops(String board, StopPlace register, long address, String exception) throws IOException {
    try (GuestMachine guest = GuestMachine.of(BootedGuest.fork(board)); GuestMachine alone = GuestMachine.of(BootedGuest.fork(board))) {
      Machine machine = guest.machine();
      InspectedMachine inspected = InstalledProduct.get().service(MachineInspector.class).of(machine);
      stopsAtARegister(machine, inspected, register, address);
      stopsAtAnException(machine, inspected, exception);
      stopsAtInstructions(machine, inspected);
      int[] asked = {0};
      List<StopPoint> points = neverHeld(inspected, asked);
      assertEquals(StopReason.LIMIT, machine.run(new RunLimit(Long.MAX_VALUE, machine.instructions() + REST)), guest::events);
      assertEquals(List.of(), inspected.stops().take(), "no condition held");
      assertTrue(asked[0] > 500, () -> "conditions were asked " + asked[0] + " times");
      points.forEach(StopPoint::close);
      RunLimit end = new RunLimit(Long.MAX_VALUE, machine.instructions() + 10_000_000);
      assertEquals(StopReason.LIMIT, machine.run(end), guest::events);
      assertEquals(StopReason.LIMIT, alone.machine().run(end), alone::events);
      assertEquals(alone.machine().digest(), machine.digest());
    }
  }

  private static void stopsAtARegister(Machine machine, InspectedMachine inspected, StopPlace register, long address) {
    StopPoint point = inspected.stops().add(register);
    assertEquals(StopReason.STOPPED, machine.run(LATE), "the console was written to");
    assertEquals(List.of(new StopReport(register, OptionalInt.of(0), address, true, "")), inspected.stops().take());
    point.close();
  }

  private static void stopsAtAnException(Machine machine, InspectedMachine inspected, String name) {
    StopPoint point = inspected.stops().add(new StopPlace.ExceptionTaken(Pattern.compile(name)));
    assertEquals(StopReason.STOPPED, machine.run(LATE), "one was taken");
    StopReport report = inspected.stops().take().getFirst();
    assertTrue(report.text().contains(name), report::toString);
    point.close();
  }

  private static void stopsAtInstructions(Machine machine, InspectedMachine inspected) {
    InspectedProcessor processor = inspected.processors().getFirst();
    StopPlace here = new StopPlace.Instruction(processor.place().address());
    StopPoint point = inspected.stops().add(here);
    int stops = 0;
    RunLimit end = new RunLimit(Long.MAX_VALUE, machine.instructions() + REST);
    while (stops < MOST && machine.run(end) == StopReason.STOPPED) {
      assertEquals(here, new StopPlace.Instruction(processor.place().address()));
      assertEquals(here, inspected.stops().take().getFirst().place());
      stops++;
    }
    assertTrue(stops > 0, "the first is the one that comes next");
    point.close();
  }

  /** Hundreds of places in code and data that are used, and everything else that there is, which all are never to stop it. */
  private static List<StopPoint> neverHeld(InspectedMachine inspected, int[] asked) {
    InspectedProcessor processor = inspected.processors().getFirst();
    long code = processor.place().address() & -4096;
    List<StopPlace> places = new ArrayList<>();
    for (long at = 0; at < 4096; at += 4) {
      places.add(new StopPlace.Instruction(code + at));
    }
    long stack = processor.value(processor.instructions().equals("a64") ? "SP" : "RSP")[0];
    places.add(new StopPlace.Access(Space.PROCESSOR, stack & -64, 64, true, true));
    processor.memory().physical(stack).ifPresent(at -> {
      places.add(new StopPlace.Access(Space.PHYSICAL, at & -4096, 8, false, true));
      places.add(new StopPlace.Access(Space.PHYSICAL, at & -64, 64, true, false));
    });
    places.add(new StopPlace.ExceptionTaken(Pattern.compile("")));
    places.add(new StopPlace.GuestExit(ExitKind.WRITE, Pattern.compile("")));
    places.add(new StopPlace.Event("never", Pattern.compile("")));
    return places.stream().map(place -> inspected.stops().add(place, report -> {
      asked[0]++;
      return false;
    })).toList();
  }
}
