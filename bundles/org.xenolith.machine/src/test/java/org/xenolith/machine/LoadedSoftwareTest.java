// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.offers.Provider;
import org.xenolith.machine.places.DeviceSlot;
import org.xenolith.machine.places.SubsystemPlaces;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** A hypervisor that isn't there until it is loaded. */
class LoadedSoftwareTest {
  private static final String HYPERVISOR = "/hyp";
  private static final long SWITCH = 0xA000;
  /** Instructions until the guest resets the machine. */
  private static final int LIFE = 100;

  @TempDir
  Path folder;
  private final List<String> done = new ArrayList<>();

  /** Says what becomes of it. */
  private final class Part implements DeviceModel {
    private final DeviceState state = new DeviceState();
    private final LongCell life = state.cell("life", 0);
    private final String name;

    Part(String name) {
      this.name = name;
      done.add("made " + name);
    }

    @Override
    public DeviceState state() {
      return state;
    }

    @Override
    public void reset() {
      done.add("reset " + name);
      life.value = 7;
    }

    @Override
    public void restored() {
      done.add("restored " + name + ' ' + life.value);
    }

    @Override
    public void removed() {
      done.add("removed " + name);
    }
  }

  /** Resets the machine when it is written. */
  private record Switch(DeviceState state, DeviceContext context) implements DeviceModel, MmioHandler {
    Switch(DeviceContext context) {
      this(new DeviceState(), context);
      context.bus().window(0, AccessRule.ANY, this);
    }

    @Override
    public void reset() {}

    @Override
    public long read(long offset, int size) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {
      context.power().reset("the toy wants it");
    }
  }

  private ModelOffer role(String name) {
    DeviceModelFactory factory = ToyMachine.factory(context -> new Part(name));
    return new ModelOffer(() -> factory, Set.of(), Set.of(), Set.of(), SubsystemPlaces.roles("xenolith.subsystem", Set.of(name)), Set.of(),
        0,
        new Provider("toy." + name, "1", 1));
  }

  private ToyMachine toy() {
    ToyMachine toy = new ToyMachine(1, new Timing(1000, 100), cpu -> {
      if (++cpu.x[1] == LIFE) {
        cpu.env.bus().write(SWITCH, 4, 1);
      }
    }).device("/switch@a000", "toy,switch", SWITCH).model("toy,switch", Switch::new)
        .add(ToyMachine.node(HYPERVISOR, List.of(FdtProperty.ofStrings("compatible", "xenolith,hypervisor"), FdtProperty.ofFlag(
            LoadedSoftware.DEFERRED)), List.of(), List.of())).model("xenolith,hypervisor", context -> new Part("core"));
    toy.offers.add(role("clock"));
    return toy;
  }

  private List<String> done() {
    List<String> now = List.copyOf(done);
    done.clear();
    return now;
  }

  private static List<String> there(CoreMachine machine) {
    return machine.hardware().slots.stream().filter(DeviceSlot::present).map(DeviceSlot::instance).filter(i -> i.startsWith(HYPERVISOR))
        .toList();
  }

  private static RunLimit instructions(long count) {
    return new RunLimit(Long.MAX_VALUE, count);
  }

  @Test
  void itIsThereWhenItIsLoadedAndGoneAfterAReset() {
    CoreMachine machine = toy().build();
    assertEquals(List.of("made core", "made clock", "removed clock", "removed core"), done());
    assertEquals(List.of(), there(machine));
    machine.loadSoftware(HYPERVISOR, () -> done.add("prepared"));
    assertEquals(List.of("made core", "made clock", "prepared", "reset core", "reset clock"), done());
    assertEquals(List.of("/hyp", "/hyp:clock"), there(machine));
    machine.onReset(() -> machine.start(new ArmEntry(ToyMachine.RAM, 0)));
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    assertEquals(StopReason.LIMIT, machine.run(instructions(LIFE + 1)));
    assertEquals(List.of("removed clock", "removed core"), done());
    assertEquals(List.of(), there(machine));
  }

  @Test
  void nobodyElsePutsItIn() {
    ToyMachine toy = toy();
    CoreMachine machine = toy.build();
    done();
    ModelOffer late = role("timer");
    toy.offers.add(late);
    machine.reconcile();
    assertEquals(List.of(), done());
    machine.loadSoftware(HYPERVISOR, () -> {});
    assertEquals(List.of("/hyp", "/hyp:clock", "/hyp:timer"), there(machine));
    toy.offers.remove(1);
    machine.reconcile();
    assertEquals(List.of("/hyp"), there(machine));
  }

  @Test
  void whatIsInTheWayIsSaid() {
    CoreMachine machine = toy().build();
    assertEquals("/switch@a000: there is no software that waits", assertThrows(IllegalStateException.class,
        () -> machine.loadSoftware("/switch@a000", () -> {})).getMessage());
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    assertEquals("/hyp: cpu0 is on; software takes over from CPUs that are off", assertThrows(IllegalStateException.class,
        () -> machine.loadSoftware(HYPERVISOR, () -> {})).getMessage());
    machine.hardware().cpus.getFirst().powerOff();
    machine.loadSoftware(HYPERVISOR, () -> {});
    assertEquals("/hyp: it is loaded already", assertThrows(IllegalStateException.class,
        () -> machine.loadSoftware(HYPERVISOR, () -> {})).getMessage());
  }

  @Test
  void aSnapshotHasItOrHasItNot() throws IOException {
    CoreMachine without = toy().build();
    without.save(folder.resolve("without"));
    CoreMachine with = toy().build();
    with.loadSoftware(HYPERVISOR, () -> {});
    with.save(folder.resolve("with"));
    done();
    without.restore(folder.resolve("with"));
    assertEquals(List.of("made core", "made clock", "reset core", "reset clock", "restored core 7", "restored clock 7"), done());
    assertEquals(with.digest(), without.digest());
    without.restore(folder.resolve("without"));
    assertEquals(List.of("removed clock", "removed core"), done());
    assertEquals(toy().build().digest(), without.digest());
    without.loadSoftware(HYPERVISOR, () -> {});
    assertEquals(with.digest(), without.digest());
  }
}
