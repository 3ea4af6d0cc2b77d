// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.machine.offers.EngineOffer;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.offers.ProcessorOffer;
import org.xenolith.machine.offers.Provider;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** Puts small machines together in tests: toy CPUs, 32 MiB of RAM at 1 GiB, devices as lambdas. */
public final class ToyMachine {
  public static final long RAM = 0x4000_0000L;

  private final List<PlatformNode> nodes = new ArrayList<>();
  public final Offers offers = new Offers();
  private final Platform.Timing timing;
  private long services = 100;

  public ToyMachine(int cpus, Platform.Timing timing, ToyEngine.Program program) {
    this(cpus, timing, program, Map.of());
  }

  /** @param options of every CPU */
  ToyMachine(int cpus, Platform.Timing timing, ToyEngine.Program program, Map<String, String> options) {
    this.timing = timing;
    for (int i = 0; i < cpus; i++) {
      nodes.add(new PlatformNode("/cpus/cpu@" + i, "cpu@" + i, "/cpus",
          List.of(FdtProperty.ofStrings("device_type", "cpu"), FdtProperty.ofCells("reg", i)), List.of(ToyProcessors.COMPATIBLE), true, List
              .of(),
          List.of(), options));
    }
    nodes.add(node("/memory@40000000", List.of(FdtProperty.ofStrings("device_type", "memory")),
        List.of(new AddressWindow(RAM, 32 << 20)), List.of()));
    ToyProcessors processors = new ToyProcessors();
    offers.add(new ProcessorOffer(() -> processors, Set.of(ToyProcessors.COMPATIBLE), 0, provider("toy.cpu")));
    engine("toy", 1, program);
  }

  public static PlatformNode node(String path, List<FdtProperty> properties, List<AddressWindow> windows,
      List<InterruptSpecifier> interrupts) {
    int slash = path.lastIndexOf('/');
    List<String> compatible = properties.stream().filter(p -> p.name().equals("compatible"))
        .flatMap(p -> p.strings().stream()).toList();
    return new PlatformNode(path, path.substring(slash + 1), slash == 0 ? "/" : path.substring(0, slash), properties,
        compatible, true, windows, interrupts, Map.of());
  }

  /** Adds a device node with one window of 4 KiB. */
  public ToyMachine device(String path, String compatible, long base, InterruptSpecifier... interrupts) {
    nodes.add(node(path, List.of(FdtProperty.ofStrings("compatible", compatible)),
        List.of(new AddressWindow(base, 0x1000)), List.of(interrupts)));
    return this;
  }

  public ToyMachine add(PlatformNode node) {
    nodes.add(node);
    return this;
  }

  /** A machine like this one with one node more; this one stays as it is. */
  ToyMachine with(PlatformNode node) {
    ToyMachine more = new ToyMachine(0, timing, cpu -> {});
    more.nodes.clear();
    more.nodes.addAll(nodes);
    more.nodes.add(node);
    offers.models().forEach(more.offers::add);
    return more;
  }

  ToyMachine engine(String name, int ranking, ToyEngine.Program program) {
    offers.add(new EngineOffer(() -> cpu -> new ToyEngine(cpu.as(Cpu.class), program), name, Set.of("a64"), ranking, provider("toy.engine."
        + name)));
    return this;
  }

  private Provider provider(String bundle) {
    return new Provider(bundle, "1.0.0", services++);
  }

  public ToyMachine model(String compatible, Function<DeviceContext, DeviceModel> maker) {
    offers.add(offer(compatible, 0, "toy." + compatible, maker));
    return this;
  }

  public ModelOffer offer(String compatible, int ranking, String bundle, Function<DeviceContext, DeviceModel> maker) {
    DeviceModelFactory factory = factory(maker);
    return new ModelOffer(() -> factory, Set.of(compatible), Set.of(), Set.of(), Set.of(), Set.of(), ranking, provider(bundle));
  }

  static DeviceModelFactory factory(Function<DeviceContext, DeviceModel> maker) {
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return new ModelDescription("toy", "A toy.", "none");
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        return maker.apply(context);
      }
    };
  }

  public Platform platform() {
    return new Platform("toy", Fdt.of(new FdtNode("", List.of(), List.of())), nodes, timing);
  }

  /** A CPU of a machine, as what it is. */
  public static Cpu cpu(CoreMachine machine, int index) {
    return machine.hardware().cpus.get(index).as(Cpu.class);
  }

  public CoreMachine build() {
    return build(Map.of());
  }

  CoreMachine build(Map<String, String> functions) {
    return new Assembly(offers).build(new MachineRequest(platform(), "", functions));
  }
}
