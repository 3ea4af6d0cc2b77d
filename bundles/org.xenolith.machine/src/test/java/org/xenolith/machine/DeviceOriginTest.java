// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.change.Handover;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.offers.Provider;
import org.xenolith.machine.places.SubsystemPlaces;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** Each origin is what its Javadoc says: which calls there are, and how state, RAM, CPUs, alarms and ports are then. */
class DeviceOriginTest {
  private static final long RAM = ToyMachine.RAM;
  private static final long DEVICE = 0x9000;
  private static final int COLD = 1;
  private static final int WARM = 2;
  private static final int BREAK = 3;
  /** A write that arms the alarm so many nanoseconds ahead. */
  private static final int ARM = 100;

  @TempDir
  Path folder;
  /** What models tell of their lives, in order. */
  private final List<String> told = new ArrayList<>();
  private ModelOffer offer;
  private ToyMachine toy;
  private CoreMachine machine;

  /** Where a model leaves its name. */
  public static final class Place {
    /** Whose claim is in it; empty for nobody's. */
    public String owner = "";
    private Runnable listener = () -> {};
  }

  /** Tells of each call with which a state begins: whose, the origin, and how it found the machine. */
  private final class Witness implements DeviceModel, MmioHandler {
    private final DeviceState state = new DeviceState();
    private final LongCell life = state.cell("life", 0);
    private final LongCell rang = state.cell("rang", 0);
    private final DeviceContext context;
    private final String name;
    private final Place place;
    private final Alarm alarm;

    Witness(DeviceContext context, String name) {
      this.context = context;
      this.name = name;
      alarm = context.time().alarm("tick", () -> rang.value = context.time().clock().now());
      place = context.port(Place.class);
      if (context.bus().windows() > 0) {
        context.bus().window(0, AccessRule.ANY, this);
      }
      tell("made");
      place.owner = name;
    }

    private void tell(String call) {
      told.add(call + " " + name + " " + context.origin() + ": life " + life.value + ", CPU " + (context.processors().cpus().getFirst()
          .powered()
              ? "on" : "off") + ", RAM " + context.memory().dma().read(RAM, 8) + ", alarm " + (alarm.armed() ? "armed" : "off")
          + ", port of "
          + (place.owner.isEmpty() ? "nobody" : place.owner) + (context.time().clock().now() == 0 ? ", at once" : ""));
    }

    @Override
    public DeviceState state() {
      return state;
    }

    @Override
    public void reset() {
      tell("reset");
      state.reset();
      alarm.cancel();
      life.value = 7;
    }

    @Override
    public void restored() {
      tell("restored");
      place.listener.run();
    }

    @Override
    public void removed() {
      if (place.owner.equals(name)) {
        place.owner = "";
      }
    }

    @Override
    public long read(long offset, int size) {
      return rang.value;
    }

    @Override
    public void write(long offset, int size, long value) {
      life.value++;
      switch ((int) value) {
        case COLD -> context.power().reset("the toy wants it");
        case WARM -> context.power().warmReset("the toy wants it");
        case BREAK -> throw new IllegalStateException("broken on purpose");
        default -> alarm.at(context.time().clock().now() + value);
      }
    }
  }

  private ModelOffer offer(String name, BiFunction<DeviceContext, String, DeviceModel> maker) {
    return toy.offer("toy,dev", 0, "toy.dev", context -> maker.apply(context, name));
  }

  /** A guest that counts in RAM, and nothing else. */
  private CoreMachine machine(int cpus) {
    toy = new ToyMachine(cpus, new Timing(1000, 100), cpu -> cpu.env.bus().write(RAM, 8, ++cpu.x[1])).device("/dev@9000", "toy,dev",
        DEVICE);
    offer = offer("one", Witness::new);
    toy.offers.add(offer);
    return toy.build();
  }

  private List<String> told() {
    List<String> now = List.copyOf(told);
    told.clear();
    return now;
  }

  private void started() {
    machine = machine(1);
    machine.start(new ArmEntry(RAM, 0));
    run(50);
    told();
  }

  private void run(long until) {
    machine.run(new RunLimit(Long.MAX_VALUE, until));
  }

  private void write(long value) {
    ToyMachine.cpu(machine, 0).env.bus().write(DEVICE, 4, value);
  }

  private void exchange(ModelOffer next) {
    toy.offers.remove(offer.provider().id());
    offer = next;
    toy.offers.add(offer);
  }

  private void remove() {
    toy.offers.remove(offer.provider().id());
    assertEquals(1, machine.reconcile());
  }

  private void add(String name) {
    offer = offer(name, Witness::new);
    toy.offers.add(offer);
    assertEquals(1, machine.reconcile());
  }

  private Handover takenOut() {
    Handover handover = machine.handover("toy.dev");
    handover.capture();
    handover.takeOut();
    return handover;
  }

  private void replace(ModelOffer next) {
    Handover handover = takenOut();
    exchange(next);
    handover.putBack();
    handover.finish();
  }

  @Test
  void atPowerOnNothingHasHappened() {
    machine = machine(1);
    assertEquals(List.of("made one POWER_ON: life 0, CPU off, RAM 0, alarm off, port of nobody, at once",
        "reset one POWER_ON: life 0, CPU off, RAM 0, alarm off, port of one, at once"), told());
  }

  @Test
  void aMachineThatIsResetResetsTheModelThatItHas() {
    started();
    write(ARM);
    machine.onReset(() -> {});
    write(COLD);
    run(51);
    assertEquals(List.of("reset one MACHINE_RESET: life 9, CPU off, RAM 0, alarm off, port of one"), told());
    machine.start(new ArmEntry(RAM, 0));
    run(70);
    write(WARM);
    run(71);
    List<String> warm = told();
    assertEquals(1, warm.size());
    assertTrue(warm.getFirst().matches("reset one MACHINE_RESET: life 8, CPU off, RAM [1-9][0-9]*, alarm off, port of one"), warm
        .toString());
  }

  @Test
  void aBundleThatComesLaterFindsARunningMachine() {
    toy = new ToyMachine(1, new Timing(1000, 100), cpu -> cpu.env.bus().write(RAM, 8, ++cpu.x[1])).device("/dev@9000", "toy,dev", DEVICE);
    machine = toy.build();
    machine.start(new ArmEntry(RAM, 0));
    run(50);
    add("one");
    assertEquals(List.of("made one ADDED: life 0, CPU on, RAM 50, alarm off, port of nobody",
        "reset one ADDED: life 0, CPU on, RAM 50, alarm off, port of one"), told());
  }

  @Test
  void whatComesBackAfterAResetIsAddedLikeWhatWasNeverThere() {
    started();
    remove();
    machine.onReset(() -> machine.start(new ArmEntry(RAM, 0)));
    machine.hardware().power.port("/dev@9000").reset("somebody wants it");
    run(60);
    add("two");
    assertEquals(List.of("made two ADDED", "reset two ADDED"), told().stream().map(line -> line.substring(0, line.indexOf(':'))).toList());
  }

  @Test
  void anotherVersionFindsAllAsTheOneBeforeLeftIt() {
    started();
    write(ARM);
    replace(offer("two", Witness::new));
    assertEquals(List.of("made two HAND_OVER: life 0, CPU on, RAM 50, alarm off, port of one",
        "restored two HAND_OVER: life 8, CPU on, RAM 50, alarm armed, port of two"), told());
  }

  /** The bundle as it was takes over from one whose model could not be made, or could not take over. */
  @Test
  void theOldVersionTakesOverFromOneThatCouldNot() {
    started();
    for (boolean late : new boolean[] {false, true}) {
      Handover handover = takenOut();
      exchange(offer("bad", (context, name) -> {
        Witness made = new Witness(context, name);
        made.place.listener = () -> {
          throw new IllegalStateException("can't take over");
        };
        if (!late) {
          made.place.listener.run();
        }
        return made;
      }));
      assertThrows(IllegalStateException.class, handover::putBack);
      told();
      exchange(offer("one", (context, name) -> {
        Witness made = new Witness(context, name);
        made.place.listener = () -> {};
        return made;
      }));
      handover.putBack();
      handover.finish();
      assertEquals(List.of("made one HAND_OVER: life 0, CPU on, RAM 50, alarm off, port of bad",
          "restored one HAND_OVER: life 7, CPU on, RAM 50, alarm off, port of one"), told());
    }
  }

  /** One that a port took out has taken leave: what it was told is lost, though all of it is one and the same instant. */
  @Test
  void theOldVersionComesBackAfterOneThatTookLeave() {
    started();
    Handover handover = takenOut();
    exchange(offer("bad", (context, name) -> {
      Witness made = new Witness(context, name);
      made.place.listener = () -> context.failed(new IllegalStateException("a call of it threw"));
      return made;
    }));
    assertThrows(RuntimeException.class, handover::putBack);
    told();
    exchange(offer("one", (context, name) -> {
      Witness made = new Witness(context, name);
      made.place.listener = () -> {};
      return made;
    }));
    handover.putBack();
    handover.finish();
    assertEquals(List.of("made one RETURN: life 0, CPU on, RAM 50, alarm off, port of nobody",
        "restored one RETURN: life 7, CPU on, RAM 50, alarm off, port of one"), told());
  }

  @Test
  void aDeviceThatComesBackMissedWhatHappenedMeanwhile() {
    started();
    write(ARM);
    long due = machine.now() + ARM;
    remove();
    run(500);
    add("two");
    assertEquals(List.of("made two RETURN: life 0, CPU on, RAM 500, alarm off, port of nobody",
        "restored two RETURN: life 8, CPU on, RAM 500, alarm armed, port of two"), told());
    long now = machine.now();
    assertTrue(now > due);
    run(502);
    assertEquals(now, ToyMachine.cpu(machine, 0).env.bus().read(DEVICE, 8), "rang at once");
  }

  /** Whoever took leave badly, or not at all, left: the ports may say what they like. */
  @Test
  void whatFailedAndWhatCouldNotTakeLeaveComesBackAllTheSame() {
    toy = new ToyMachine(1, new Timing(1000, 100), cpu -> cpu.env.bus().write(RAM, 8, ++cpu.x[1])).device("/dev@9000", "toy,dev", DEVICE);
    BiFunction<DeviceContext, String, DeviceModel> clings = (context, name) -> {
      Witness witness = new Witness(context, name);
      return new DeviceModel() {
        @Override
        public DeviceState state() {
          return witness.state();
        }

        @Override
        public void reset() {
          witness.reset();
        }

        @Override
        public void removed() {
          throw new IllegalStateException("it doesn't let go");
        }
      };
    };
    offer = offer("one", clings);
    toy.offers.add(offer);
    machine = toy.build();
    machine.start(new ArmEntry(RAM, 0));
    run(50);
    told();
    write(BREAK);
    assertFalse(machine.hardware().slots.getLast().present());
    replace(offer("two", Witness::new));
    assertEquals(List.of("made two RETURN: life 0, CPU on, RAM 50, alarm off, port of one",
        "restored two RETURN: life 8, CPU on, RAM 50, alarm off, port of two"), told());
  }

  /** Nobody was there until now whom it could take over from, even if the new version was for a moment. */
  @Test
  void whatHadFailedComesBackInTheOldVersionWhenTheNewOneCouldNot() {
    started();
    write(BREAK);
    Handover handover = takenOut();
    exchange(offer("bad", (context, name) -> {
      Witness made = new Witness(context, name);
      made.place.listener = () -> {
        throw new IllegalStateException("can't take over");
      };
      return made;
    }));
    assertThrows(IllegalStateException.class, handover::putBack);
    told();
    exchange(offer("one", (context, name) -> {
      Witness made = new Witness(context, name);
      made.place.listener = () -> {};
      return made;
    }));
    handover.putBack();
    handover.finish();
    assertEquals("restored one RETURN: life 8, CPU on, RAM 50, alarm off, port of one", told().getLast());
  }

  @Test
  void aSnapshotIsPutIntoAModelThatWasReset() throws IOException {
    started();
    write(ARM);
    machine.save(folder.resolve("saved"));
    run(300);
    machine.restore(folder.resolve("saved"));
    assertEquals(List.of("restored one SNAPSHOT: life 8, CPU on, RAM 50, alarm armed, port of one"), told());
    machine = machine(1);
    machine.restore(folder.resolve("saved"));
    assertEquals("restored one SNAPSHOT: life 8, CPU on, RAM 50, alarm armed, port of one", told().getLast());
    // And what becomes of it then is told anew.
    replace(offer("two", Witness::new));
    assertEquals("restored two HAND_OVER: life 8, CPU on, RAM 50, alarm armed, port of two", told().getLast());
  }

  @Test
  void whatWasAwayInASnapshotComesBackInTheMachineThatTookIt() throws IOException {
    started();
    remove();
    machine.save(folder.resolve("away"));
    machine = machine(1);
    remove();
    machine.restore(folder.resolve("away"));
    told();
    add("two");
    assertEquals(List.of("made two RETURN: life 0, CPU on, RAM 50, alarm off, port of nobody",
        "restored two RETURN: life 7, CPU on, RAM 50, alarm off, port of two"), told());
  }

  @Test
  void softwareThatIsLoadedLaterFindsWhatWasThereBefore() throws IOException {
    toy = new ToyMachine(1, new Timing(1000, 100), cpu -> cpu.env.bus().write(RAM, 8, ++cpu.x[1]))
        .add(ToyMachine.node("/hyp", List.of(FdtProperty.ofStrings("compatible", "xenolith,hypervisor"), FdtProperty.ofFlag(
            LoadedSoftware.DEFERRED)), List.of(), List.of()));
    DeviceModelFactory factory = ToyMachine.factory(context -> new Witness(context, "part"));
    toy.offers.add(new ModelOffer(() -> factory, Set.of(), Set.of(), Set.of(), SubsystemPlaces.roles("xenolith.subsystem", Set.of("part")),
        Set.of(), 0, new Provider("toy.part", "1", 1)));
    machine = toy.build();
    assertEquals(List.of("made part POWER_ON: life 0, CPU off, RAM 0, alarm off, port of nobody, at once"), told(), "whether it can be");
    machine.start(new ArmEntry(RAM, 0));
    run(50);
    machine.hardware().cpus.getFirst().powerOff();
    machine.loadSoftware("/hyp", () -> {});
    assertEquals(List.of("made part SOFTWARE_LOADED: life 0, CPU off, RAM 50, alarm off, port of nobody",
        "reset part SOFTWARE_LOADED: life 0, CPU off, RAM 50, alarm off, port of part"), told());
    machine.save(folder.resolve("loaded"));
    CoreMachine other = toy.build();
    told();
    other.restore(folder.resolve("loaded"));
    assertEquals("restored part SNAPSHOT: life 7, CPU off, RAM 50, alarm off, port of part", told().getLast());
  }

  @Test
  void softwareThatIsThereFromPowerOnIsMadeAnewByAReset() {
    toy = new ToyMachine(1, new Timing(1000, 100), cpu -> cpu.env.bus().write(RAM, 8, ++cpu.x[1]))
        .add(ToyMachine.node("/hyp", List.of(FdtProperty.ofStrings("compatible", "xenolith,hypervisor")), List.of(), List.of()));
    DeviceModelFactory factory = ToyMachine.factory(context -> new Witness(context, "part"));
    toy.offers.add(new ModelOffer(() -> factory, Set.of(), Set.of(), Set.of(), SubsystemPlaces.roles("xenolith.subsystem", Set.of("part")),
        Set.of(), 0, new Provider("toy.part", "1", 1)));
    machine = toy.build();
    machine.start(new ArmEntry(RAM, 0));
    run(50);
    told();
    machine.onReset(() -> {});
    machine.hardware().power.port("/hyp").reset("somebody wants it");
    run(51);
    assertEquals(List.of("made part MACHINE_RESET: life 0, CPU off, RAM 0, alarm off, port of nobody",
        "reset part MACHINE_RESET: life 0, CPU off, RAM 0, alarm off, port of part"), told());
  }
}
