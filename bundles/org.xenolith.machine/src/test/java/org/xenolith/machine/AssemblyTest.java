// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.bus.AddressSpace;
import org.xenolith.machine.bus.BusWindow;
import org.xenolith.machine.change.Reconciliation;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.machine.offers.EngineOffer;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.offers.Provider;
import org.xenolith.machine.places.DeviceSlot;
import org.xenolith.machine.places.SubsystemPlaces;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

final class AssemblyTest {
  private final ToyMachine toy = new ToyMachine(2, Timing.STANDARD, cpu -> {});

  private static void fails(String message, Runnable action) {
    ModelException e = assertThrows(ModelException.class, action::run);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static PlatformNode withOptions(Map<String, String> options) {
    return new PlatformNode("/dev@9000", "dev@9000", "/", List.of(), List.of("toy,dev"), true,
        List.of(new AddressWindow(0x9000, 0x1000)), List.of(), options);
  }

  /** A model that only remembers what its context said. */
  private static final class Silent implements DeviceModel {
    private final DeviceState state = new DeviceState();

    @Override
    public DeviceState state() {
      return state;
    }

    @Override
    public void reset() {}
  }

  private void offerWithOptions(List<Object> seen) {
    DeviceModelFactory factory = new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return new ModelDescription("dev", "A device.", "none", List.of(
            new Option("depth", Type.INTEGER, "16", "entries", false), new Option("odd", Type.BOOLEAN, "false", "a quirk", true)));
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        seen.add(context.options().number("depth"));
        seen.add(context.options().flag("odd"));
        return new Silent();
      }
    };
    toy.offers.add(new ModelOffer(() -> factory, Set.of("toy,dev"), Set.of(), Set.of(), Set.of(), Set.of(), 0, new Provider("toy.dev", "1",
        1)));
  }

  @Test
  void optionsComeFromTheNodeElseFromTheDescription() {
    List<Object> seen = new ArrayList<>();
    offerWithOptions(seen);
    toy.add(withOptions(Map.of("depth", "0x20"))).build();
    assertEquals(List.of(32L, false), seen);
  }

  @Test
  void numbersWithZerosInFrontAreDecimal() {
    List<Object> seen = new ArrayList<>();
    offerWithOptions(seen);
    toy.add(withOptions(Map.of("depth", "010"))).build();
    assertEquals(List.of(10L, false), seen);
  }

  @Test
  void wrongOptionsAreRefusedWithNodeAndRemedy() {
    offerWithOptions(new ArrayList<>());
    fails("/dev@9000: no option [dept]; there are [depth, odd, removed]", () -> toy.with(withOptions(Map.of("dept", "1"))).build());
    fails("/dev@9000: option depth: expected a decimal or 0x number, got many",
        () -> toy.with(withOptions(Map.of("depth", "many"))).build());
    fails("/dev@9000: option odd: expected true or false, got yes", () -> toy.with(withOptions(Map.of("odd", "yes"))).build());
  }

  private ModelOffer role(String property, String name) {
    DeviceModelFactory factory = ToyMachine.factory(context -> new Silent());
    return new ModelOffer(() -> factory, Set.of(), Set.of(), Set.of(), SubsystemPlaces.roles(property, Set.of(name)), Set.of(), 0,
        new Provider("toy." + property + '.' + name, "1", 1));
  }

  /** The same role of a hypervisor and of firmware is two, each at its own node; one that comes later has its place in the order. */
  @Test
  void rolesHaveTheirPlacesAtTheSoftwareThatTheyAreFor() {
    toy.offers.add(role("xenolith.subsystem", "clock"));
    toy.offers.add(role("xenolith.firmware", "clock"));
    toy.offers.add(role("xenolith.firmware", "variables"));
    CoreMachine machine = toy.device("/hyp@1000", "xenolith,hypervisor", 0x1000).device("/firmware@2000", "xenolith,efi-firmware", 0x2000)
        .build();
    toy.offers.add(role("xenolith.firmware", "direct"));
    new Reconciliation(machine.hardware(), toy.offers, "").run();
    assertEquals(List.of("/firmware@2000:clock toy.xenolith.firmware.clock", "/firmware@2000:direct toy.xenolith.firmware.direct",
        "/firmware@2000:variables toy.xenolith.firmware.variables", "/hyp@1000:clock toy.xenolith.subsystem.clock"),
        machine.hardware().slots.stream().filter(slot -> slot.present() && slot.instance().contains(":"))
            .map(slot -> slot.instance() + ' ' + slot.offer().provider().bundle()).sorted().toList());
    toy.offers.add(role("xenolith.firmware", "variables"));
    fails("variables: both toy.xenolith.firmware.variables 1 and toy.xenolith.firmware.variables 1 serve it with the same service.ranking; "
        + "remove one or give it a higher ranking", toy::build);
  }

  private ModelOffer served(String bundle, String compatible, int ranking, RuntimeException thrown) {
    DeviceModelFactory factory = ToyMachine.factory(context -> {
      if (thrown != null) {
        throw thrown;
      }
      return new Silent();
    });
    return new ModelOffer(() -> factory, Set.of(compatible), Set.of(), Set.of(), Set.of(), Set.of(), ranking, new Provider(bundle, "1",
        ranking));
  }

  /** By ranking, then by the less specific match; when it goes and comes, it is tried again. */
  @Test
  void factoryThatThrowsIsFollowedByTheNextOneThatServesThePlace() {
    ModelOffer broken = served("toy.broken", "toy,dev", 9, new IllegalStateException("no"));
    toy.offers.add(broken);
    toy.offers.add(served("toy.broken-too", "toy,dev", 5, new IllegalStateException("nor I")));
    toy.offers.add(served("toy.right", "toy,dev", 0, null));
    List<String> said = new ArrayList<>();
    CoreMachine machine = new Assembly(toy.offers).build(new MachineRequest(toy.add(withOptions(Map.of())).platform(), "", Map.of()),
        (kind, place, text) -> said.add(kind + ' ' + place + ": " + text));
    DeviceSlot slot = machine.hardware().slots.getLast();
    assertEquals("toy.right", slot.offer().provider().bundle());
    assertEquals(List.of(
        "model-refused /dev@9000: toy.broken 1: java.lang.IllegalStateException: no; toy.broken-too 1 is the next that serves it",
        "model-refused /dev@9000: toy.broken-too 1: java.lang.IllegalStateException: nor I; toy.right 1 is the next that serves it"), said);
    new Reconciliation(machine.hardware(), toy.offers, "").run();
    assertEquals(2, said.size(), said::toString);
  }

  /** In a machine that runs, too: a device that is put in is served by whom it can be served. */
  @Test
  void factoryThatThrowsIsFollowedByTheNextOneInAMachineThatIsChanged() {
    CoreMachine machine = toy.add(withOptions(Map.of())).build();
    toy.offers.add(served("toy.broken", "toy,dev", 9, new IllegalStateException("no")));
    toy.offers.add(served("toy.right", "toy,dev", 0, null));
    new Reconciliation(machine.hardware(), toy.offers, "").run();
    assertEquals("toy.right", machine.hardware().slots.getLast().offer().provider().bundle());
  }

  /** What a model says of its node is the user's to mend: nobody else is put into its place in silence. */
  @Test
  void modelThatRefusesItsNodeIsFollowedByNobody() {
    toy.offers.add(served("toy.strict", "toy,dev", 9, new ModelException("/dev@9000: mend me")));
    toy.offers.add(served("toy.right", "toy,dev", 0, null));
    fails("mend me", () -> toy.add(withOptions(Map.of())).build());
  }

  private ModelOffer fitting(String instructions, String role, int ranking) {
    DeviceModelFactory factory = ToyMachine.factory(context -> new Silent());
    return new ModelOffer(() -> factory, Set.of("toy,dev"), Set.of("toy:2"), Set.of("spin"), SubsystemPlaces.roles("xenolith.subsystem", Set
        .of(role)), instructions.isEmpty() ? Set.of() : Set.of(instructions), ranking, new Provider("toy." + role + '.' + instructions, "1",
            ranking));
  }

  @Test
  void whatIsForOtherInstructionsHasNoPlaceInAMachine() {
    toy.offers.add(fitting("x64", "clock", 9));
    toy.offers.add(fitting("a64", "clock", 3));
    toy.offers.add(fitting("", "grants", 5));
    toy.offers.add(fitting("x64", "upcalls", 7));
    PlatformNode device = withOptions(Map.of());
    CoreMachine machine = toy.device("/hyp@1000", "xenolith,hypervisor", 0x1000).add(device).build();
    assertEquals(List.of("/hyp@1000 absent", "/dev@9000 toy.grants.", "/hyp@1000:clock toy.clock.a64", "/hyp@1000:grants toy.grants."),
        machine.hardware().slots.stream().map(slot -> slot.instance() + ' ' + (slot.present() ? slot.offer().provider().bundle()
            : "absent"))
            .toList());
    assertEquals("toy.clock.x64", toy.offers.forNode(device, "x64").provider().bundle());
    assertEquals("toy.clock.x64", toy.offers.forFunction("toy:2", "x64").provider().bundle());
    assertEquals("toy.grants.", toy.offers.forFunction("toy:2", "a64").provider().bundle());
    assertEquals("toy.clock.x64", toy.offers.forEnableMethod("spin", "x64").provider().bundle());
    assertEquals("toy.grants.", toy.offers.forEnableMethod("spin", "a64").provider().bundle());
    assertEquals(Set.of("xenolith.subsystem=clock", "xenolith.subsystem=grants", "xenolith.subsystem=upcalls"), toy.offers.roles("x64"));
    toy.offers.add(fitting("a64", "upcalls", 1));
    new Reconciliation(machine.hardware(), toy.offers, "").run();
    assertEquals("/hyp@1000:upcalls toy.upcalls.a64", machine.hardware().slots.stream().filter(DeviceSlot::present)
        .map(slot -> slot.instance() + ' ' + slot.offer().provider().bundle()).reduce((one, next) -> next).orElseThrow());
  }

  /** An engine for another architecture. */
  @Test
  void anEngineThatDoesNotExecuteTheCpuIsNamedWithItAndTheRemedy() {
    interface OtherCpu extends CpuPort {}
    toy.offers.add(new EngineOffer(() -> cpu -> {
      cpu.as(OtherCpu.class);
      throw new AssertionError("made for " + cpu);
    }, "other", Set.of("a64"), 7, new Provider("toy.other", "1.2.3", 7)));
    fails("CPU engine other of toy.other 1.2.3 doesn't execute cpu 0: cpu 0 is org.xenolith.a64.arch.Cpu, no " + OtherCpu.class.getName()
        + "; choose an engine for it", toy::build);
  }

  /** A window within another one of the same device has its bytes, whichever is in {@code reg}. */
  @Test
  void aDevicesWindowsMayBeInEachOther() {
    List<String> seen = new ArrayList<>();
    toy.offers.add(new ModelOffer(() -> ToyMachine.factory(context -> {
      context.bus().window(0, AccessRule.ANY, noted("reg", seen));
      context.bus().window(new AddressWindow(0x9100, 0x100), AccessRule.ANY, noted("inner", seen));
      context.bus().window(new AddressWindow(0x8000, 0x3000), AccessRule.ANY, noted("outer", seen));
      return new Silent();
    }), Set.of("toy,dev"), Set.of(), Set.of(), Set.of(), Set.of(), 0, new Provider("toy.dev", "1", 1)));
    AddressSpace space = toy.add(withOptions(Map.of())).build().hardware().space;
    for (long at : new long[] {0x8000, 0x8FF8, 0x9000, 0x90F8, 0x9100, 0x91F8, 0x9200, 0x9FF8, 0xA000, 0xAFF8}) {
      BusWindow window = space.window(at);
      window.read(at - window.base, 8);
    }
    assertEquals(List.of("outer 0", "outer ff8", "reg 0", "reg f8", "inner 0", "inner f8", "reg 200", "reg ff8", "outer 2000",
        "outer 2ff8"),
        seen);
  }

  private static MmioHandler noted(String name, List<String> seen) {
    return new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        seen.add(name + " " + Long.toHexString(offset));
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {}
    };
  }

  @Test
  void windowsThatAreNotInEachOtherMayNotOverlap() {
    toy.offers.add(new ModelOffer(() -> ToyMachine.factory(context -> {
      context.bus().window(0, AccessRule.ANY, noted("reg", new ArrayList<>()));
      context.bus().window(new AddressWindow(0x9800, 0x1000), AccessRule.ANY, noted("across", new ArrayList<>()));
      return new Silent();
    }), Set.of("toy,dev"), Set.of(), Set.of(), Set.of(), Set.of(), 0, new Provider("toy.dev", "1", 1)));
    fails("/dev@9000 window (0x9800..0xa7ff) overlaps /dev@9000 window 0 (0x9000..0x9fff)",
        () -> toy.with(withOptions(Map.of())).build());
  }

  @Test
  void functionsNeedANodeAndAProvider() {
    toy.device("/slot@9000", "toy,slot", 0x9000);
    fails("/none: no such node", () -> toy.build(Map.of("/none", "toy:2")));
    fails("/slot@9000: no bundle serves the function toy:2", () -> toy.build(Map.of("/slot@9000", "toy:2")));
  }

  @Test
  void aFunctionIsADeviceOfItsOwnAtItsTransportsNode() {
    toy.device("/slot@9000", "toy,slot", 0x9000);
    DeviceModelFactory factory = ToyMachine.factory(context -> {
      assertEquals("/slot@9000", context.node().path());
      assertEquals("/slot@9000#toy:2", context.instance());
      return new Silent();
    });
    toy.offers.add(new ModelOffer(() -> factory, Set.of(), Set.of("toy:2"), Set.of(), Set.of(), Set.of(), 0, new Provider("toy.fn", "1",
        1)));
    CoreMachine machine = toy.build(Map.of("/slot@9000", "toy:2"));
    assertEquals(List.of("/slot@9000#toy:2"), machine.devices().stream().map(d -> d.instance()).toList());
    assertEquals(List.of("/slot@9000"), machine.unmodelled());
  }

  @Test
  void anEnableMethodIsServedAtEachCpusNode() {
    List<String> made = new ArrayList<>();
    DeviceModelFactory factory = ToyMachine.factory(context -> {
      made.add(context.instance());
      return new Silent();
    });
    toy.offers.add(new ModelOffer(() -> factory, Set.of(), Set.of(), Set.of("spin"), Set.of(), Set.of(), 0, new Provider("toy.spin", "1",
        1)));
    toy.add(ToyMachine.node("/cpus/cpu@100", List.of(FdtProperty.ofStrings("device_type", "cpu"),
        FdtProperty.ofCells("reg", 0x100), FdtProperty.ofStrings("enable-method", "spin"),
        FdtProperty.ofStrings("compatible", ToyProcessors.COMPATIBLE)), List.of(), List.of()));
    CoreMachine machine = toy.build();
    assertEquals(List.of("/cpus/cpu@100"), made);
    assertEquals(0x100, machine.hardware().cpus.getLast().as(ArmCpu.class).affinity());
  }

  @Test
  void anEngineForOtherInstructionsIsNotTaken() {
    toy.offers.add(new EngineOffer(() -> cpu -> {
      throw new AssertionError("made for " + cpu);
    }, "foreign", Set.of("x64"), 9, new Provider("toy.foreign", "1", 7)));
    assertEquals("toy", toy.build().hardware().turns.getFirst().offer().name());
    assertEquals("CPU engine foreign doesn't execute a64; installed are [toy]", assertThrows(ModelException.class, () -> new Assembly(
        toy.offers)
        .build(new MachineRequest(toy.platform(), "foreign", Map.of()))).getMessage());
  }

  @Test
  void aCpuThatNobodyMakesIsRefusedWithItsNodeAndTheRemedy() {
    fails(
        "/cpus/cpu@x: no bundle makes a CPU that is compatible with [acme,cpu]; install one, or add what it is besides, such as \"arm,armv8\"",
        () -> toy.with(new PlatformNode("/cpus/cpu@x", "cpu@x", "/cpus", List.of(FdtProperty.ofStrings("device_type", "cpu")), List.of(
            "acme,cpu"),
            true, List.of(), List.of(), Map.of())).build());
    fails("/cpus/cpu@y: no bundle makes a CPU that is compatible with nothing; say what it is, such as compatible = \"arm,armv8\"",
        () -> toy
            .with(ToyMachine.node("/cpus/cpu@y", List.of(FdtProperty.ofStrings("device_type", "cpu")), List.of(), List.of())).build());
  }

  @Test
  void anOptionThatItsCpuDoesNotHaveIsRefused() {
    fails("/cpus/cpu@0: no option [el4]; there are [el2, lse]", () -> new ToyMachine(1, Timing.STANDARD, cpu -> {}, Map.of("el4", "true"))
        .build());
  }

  @Test
  void aMachineNeedsACpuAndAnEngine() {
    fails("expected at least one node with device_type", () -> new ToyMachine(0, Timing.STANDARD, cpu -> {}).build());
    fails("CPU engine fast is not installed; installed are [toy]", () -> toy.offers.engine("fast", "a64"));
    fails("no CPU engine is installed that executes a64", () -> new Offers().engine("", "a64"));
  }

  @Test
  void aVanishedDeviceAbortsWhereItsBusSaysSo() {
    toy.add(new PlatformNode("/dev@9000", "dev@9000", "/", List.of(), List.of("toy,timer"), true,
        List.of(new AddressWindow(0x9000, 0x1000)), List.of(), Map.of("removed", "abort")));
    ModelOffer offer = toy.offer("toy,timer", 0, "toy.timer", ToyTimer::new);
    toy.offers.add(offer);
    CoreMachine machine = toy.build();
    var bus = ToyMachine.cpu(machine, 0).env.bus();
    assertEquals(0, bus.read(0x9000, 4));
    toy.offers.remove(offer.provider().id());
    machine.reconcile();
    assertThrows(org.xenolith.machine.api.ExternalAbort.class, () -> bus.read(0x9000, 4));
  }

  @Test
  void aDisabledNodeGetsNoModel() {
    toy.add(new PlatformNode("/dev@9000", "dev@9000", "/", List.of(), List.of("toy,timer"), false,
        List.of(new AddressWindow(0x9000, 0x1000)), List.of(), Map.of()));
    CoreMachine machine = toy.model("toy,timer", ToyTimer::new).build();
    assertEquals(List.of(), machine.devices());
    assertThrows(org.xenolith.machine.api.ExternalAbort.class,
        () -> ToyMachine.cpu(machine, 0).env.bus().read(0x9000, 4));
    assertTrue(machine.hardware().events.texts().getLast().contains("/dev@9000: read of 4 bytes at 0x9000, disabled"));
  }
}
