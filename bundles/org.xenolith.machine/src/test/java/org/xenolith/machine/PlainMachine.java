// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.console.api.SerialPort;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.machine.offers.EngineOffer;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.offers.Provider;
import org.xenolith.machine.places.SubsystemPlaces;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformReader;

/**
 * Boots an arm64 kernel on a machine put together with {@code new}, without OSGi: for work on the core and on models. The
 * class path must hold the bundles' classes; models that aren't there are left out. Arguments:
 * {@code --kernel FILE --initrd FILE --append TEXT --cpus N --memory MIB --gic N --dtb FILE --until TEXT
 * --limit VIRTUAL-SECONDS --function PATH=ID --engine CLASS --verbose}. A hypervisor needs {@code --el2} and
 * {@code --module KIND=FILE[,ARGUMENTS]} for what it starts.
 */
public final class PlainMachine {
  /** Factories and what they serve, as their components say. */
  private static final Map<String, List<String>> MODELS = Map.ofEntries(
      Map.entry("org.xenolith.hw.gicv2.Gicv2Component", List.of("arm,cortex-a15-gic", "arm,gic-400")),
      Map.entry("org.xenolith.hw.gicv3.Gicv3Component", List.of("arm,gic-v3")),
      Map.entry("org.xenolith.hw.timer.GenericTimerComponent", List.of("arm,armv8-timer")),
      Map.entry("org.xenolith.hw.pmu.PmuComponent", List.of("arm,armv8-pmuv3")),
      Map.entry("org.xenolith.hw.pl011.Pl011Component", List.of("arm,pl011")),
      Map.entry("org.xenolith.hw.pl031.Pl031Component", List.of("arm,pl031")),
      Map.entry("org.xenolith.hw.pl061.Pl061Component", List.of("arm,pl061")),
      Map.entry("org.xenolith.hw.ns16550.Ns16550Component", List.of("ns16550a", "snps,dw-apb-uart")),
      Map.entry("org.xenolith.hw.virtio.mmio.VirtioMmioComponent", List.of("virtio,mmio")),
      Map.entry("org.xenolith.hw.virtio.blk.VirtioBlkComponent", List.of("virtio:2")),
      Map.entry("org.xenolith.firmware.psci.PsciComponent", List.of("arm,psci-1.0", "arm,psci-0.2", "arm,psci")),
      Map.entry("org.xenolith.firmware.spintable.SpinTableComponent", List.of("spin-table")));

  private final Map<String, String> options = new HashMap<>();
  private final Map<String, String> functions = new HashMap<>();
  private final List<BootModule> modules = new ArrayList<>();

  private PlainMachine(String[] arguments) throws IOException {
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i].substring(2);
      String value = name.equals("verbose") || name.equals("el2") ? "" : arguments[++i];
      if (name.equals("function")) {
        functions.put(value.split("=", 2)[0], value.split("=", 2)[1]);
      } else if (name.equals("module")) {
        String[] file = value.split("=", 2)[1].split(",", 2);
        modules.add(new BootModule(value.split("=", 2)[0], Files.readAllBytes(Path.of(file[0])), file.length > 1 ? file[1] : ""));
      } else {
        options.put(name, value);
      }
    }
  }

  /** Boots; exit code 0 if the text of {@code --until} was seen or the guest powered off. */
  public static void main(String[] arguments) throws Exception {
    System.exit(new PlainMachine(arguments).boot());
  }

  private String option(String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }

  private int boot() throws Exception {
    Fdt tree = tree();
    Platform platform = platform(tree);
    BootLoader loader = (BootLoader) make("org.xenolith.boot.arm64.Arm64BootLoaderComponent");
    Optional<byte[]> initrd = options.containsKey("initrd")
        ? Optional.of(Files.readAllBytes(Path.of(options.get("initrd")))) : Optional.empty();
    List<MemoryRange> memory = platform.memory().stream().map(w -> new MemoryRange(w.base(), w.size())).toList();
    BootPlan plan = loader.plan(new BootRequest(Files.readAllBytes(Path.of(options.get("kernel"))), initrd,
        option("append", "console=ttyAMA0 earlycon=pl011,0x9000000 panic=-1"), memory, List.of(), modules,
        BootRequest.DEVICE_TREE_LIMIT));
    Offers offers = offers();
    Fdt guestTree = chosen(tree, plan.tree().orElseThrow().facts());
    CoreMachine machine = new Assembly(offers).build(new MachineRequest(platform(guestTree), "", functions));
    if (options.containsKey("verbose")) {
      machine.hardware().events.listener((kind, place, text) -> System.err.println("[" + kind + ' ' + place + ": " + text + "]"));
    }
    System.err.println("devices " + machine.devices() + "\nunmodelled " + machine.unmodelled());
    Fdt shown = guestTree;
    for (String path : machine.unmodelled()) {
      shown = shown.edit(path, node -> node.withProperty(FdtProperty.ofStrings("status", "disabled")));
    }
    plan.load(machine::load, FdtWriter.write(shown));
    String marker = option("until", "\0");
    StringBuilder line = new StringBuilder();
    boolean[] seen = new boolean[1];
    for (String uart : List.of("/pl011@9000000", "/uart@9000000")) {
      if (platform.node(uart).isPresent()) {
        machine.port(uart, SerialPort.class).connect(b -> {
          System.out.write(b);
          line.append((char) b);
          if (b == '\n') {
            System.out.flush();
            line.setLength(0);
          } else if (line.indexOf(marker) >= 0) {
            seen[0] = true;
            machine.stop();
          }
        });
      }
    }
    machine.start(plan.entry());
    long begin = System.nanoTime();
    StopReason reason = machine.run(new RunLimit((long) (Double.parseDouble(option("limit", "600")) * 1e9), Long.MAX_VALUE));
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.flush();
    System.err.printf("%n%s%s after %d instructions, %.3f virtual s, %.1f s (%.1f MIPS)%nevents %s%ndigest %s%n", reason,
        seen[0] ? " at the marker" : "", machine.instructions(), machine.now() / 1e9, seconds,
        machine.instructions() / seconds / 1e6, machine.events(), machine.digest());
    machine.hardware().events.texts().stream().filter(t -> t.contains("fault") || t.contains("failed"))
        .forEach(System.err::println);
    return seen[0] || reason == StopReason.POWER_OFF ? 0 : 1;
  }

  private Fdt tree() throws Exception {
    if (options.containsKey("dtb")) {
      return FdtReader.read(Files.readAllBytes(Path.of(options.get("dtb"))));
    }
    return board("model/virt.platform").tree(BoardProvider.BoardRequest.of(Integer.parseInt(option("cpus", "1")),
        Long.parseLong(option("memory", "512")) << 20, List.of("gic=" + option("gic", "2"), "virtualization=" + (options.containsKey("el2")
            ? "on" : "off"))));
  }

  /** The board that is a file of a bundle on the class path; no host bridge can be asked for. */
  private static BoardProvider board(String resource) throws Exception {
    java.net.URI file = PlainMachine.class.getClassLoader().getResource(resource).toURI();
    try (java.nio.file.FileSystem _ = file.getScheme().equals("jar") ? java.nio.file.FileSystems.newFileSystem(file, Map.of()) : null) {
      PlatformReader reader = (PlatformReader) Class.forName("org.xenolith.platform.loader.PlatformLoaderComponent").getMethod("plain",
          Map.class).invoke(null, Map.of());
      return reader.board(Path.of(file));
    }
  }

  /** The loader's records, without its topology files, which need EMF. */
  private Platform platform(Fdt tree) throws Exception {
    Class<?> findings = Class.forName("org.xenolith.platform.loader.Findings");
    Constructor<?> make = findings.getDeclaredConstructor();
    make.setAccessible(true);
    Object found = make.newInstance();
    Method of = Class.forName("org.xenolith.platform.loader.PlatformRecords").getDeclaredMethod("of", String.class, Fdt.class,
        Map.class, findings);
    of.setAccessible(true);
    return (Platform) of.invoke(null, "plain", tree, settings(tree), found);
  }

  private Map<String, Map<String, String>> settings(Fdt tree) {
    return options.containsKey("el2") ? tree.node("/cpus").orElseThrow().children().stream()
        .collect(Collectors.toMap(cpu -> "/cpus/" + cpu.name(), cpu -> Map.of("el2", "true"))) : Map.of();
  }

  private static Fdt chosen(Fdt tree, DeviceTreeFacts facts) {
    FdtNode root = tree.root();
    FdtNode chosen = root.child("chosen").orElse(new FdtNode("chosen", List.of(), List.of()))
        .withProperty(FdtProperty.ofStrings("bootargs", facts.bootArguments()));
    if (facts.initrd().isPresent()) {
      chosen = chosen.withProperty(FdtProperty.ofU64("linux,initrd-start", facts.initrd().get().base()))
          .withProperty(FdtProperty.ofU64("linux,initrd-end", facts.initrd().get().end()));
    }
    for (DeviceTreeFacts.Module module : facts.modules()) {
      FdtNode node = new FdtNode("module@" + Long.toHexString(module.range().base()), List.of(), List.of())
          .withProperty(FdtProperty.ofStrings("compatible", "multiboot," + module.kind(), "multiboot,module"))
          .withProperty(FdtProperty.ofU64("reg", module.range().base(), module.range().size()));
      chosen = chosen.withProperty(FdtProperty.ofCells("#address-cells", 2))
          .withProperty(FdtProperty.ofCells("#size-cells", 2))
          .withChild(module.arguments().isEmpty() ? node
              : node.withProperty(FdtProperty.ofStrings("bootargs", module.arguments())));
    }
    return tree.withRoot(root.withChild(chosen));
  }

  private Offers offers() throws Exception {
    Offers offers = new Offers();
    long[] number = {1};
    CpuEngineFactory engine = (CpuEngineFactory) make(option("engine", "org.xenolith.cpu.a64.interpreter.InterpreterComponent"));
    offers.add(new EngineOffer(() -> engine, "plain", Set.of("a64"), 0, new Provider("plain", "0", number[0]++)));
    BiConsumer<String, List<String>> add = (name, served) -> {
      try {
        Set<String> values = new LinkedHashSet<>(served);
        DeviceModelFactory factory = (DeviceModelFactory) make(name);
        offers.add(new ModelOffer(() -> factory, values, values, values, SubsystemPlaces.roles("xenolith.subsystem", values), Set.of(), 0,
            new Provider(name, "0", number[0]++)));
      } catch (ReflectiveOperationException e) {
        System.err.println("left out: " + e);
      }
    };
    MODELS.forEach(add);
    return offers;
  }

  private static Object make(String name) throws ReflectiveOperationException {
    return Class.forName(name).getConstructor().newInstance();
  }
}
