// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.command.api.OptionName.option;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.BoardDescription;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.MachineBuilder;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.PlatformReader;

class LaunchSequenceTest {
  private final List<String> calls = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final List<LaunchShaper> shapers = new ArrayList<>();
  private final List<LaunchOption> options = new ArrayList<>();
  /** Options that the reader of platforms was given, each time. */
  private final List<String> read = new ArrayList<>();
  private final List<Map<String, Map<String, String>>> said = new ArrayList<>();
  private Fdt tree = Fdt.of(new FdtNode("", List.of(), List.of()));
  /** What the machine is to do when it is reset. */
  private Runnable reset;
  /** What the board's file says of nodes. */
  private Map<String, Map<String, String>> boardSays = Map.of();
  private List<AddressWindow> ram = List.of(new AddressWindow(0, 1 << 20));

  /** An option that nobody here looks at. */
  private static LaunchOption named(String name) {
    return () -> new OptionDescription(name, OptionDescription.Form.TEXT, "TEXT", false, false, "Says something.", "Text", "Texts", 1,
        true);
  }

  /** One whose bundle no longer knows what was said. */
  private static LaunchOption unserved(String name) {
    return new LaunchOption() {
      @Override
      public OptionDescription description() {
        return named(name).description();
      }

      @Override
      public void checkServed(List<String> texts) {
        throw new BadInput(texts.getFirst() + " went");
      }
    };
  }

  /** A shaper that names itself in the tree and notes what it is asked to do. */
  private class NamedShaper implements LaunchShaper {
    private final String name;
    private final boolean starts;

    NamedShaper(String name, boolean starts) {
      this.name = name;
      this.starts = starts;
    }

    @Override
    public boolean serves(LaunchRequest request) {
      return request.has("hypervisor");
    }

    @Override
    public boolean startsAlone(LaunchRequest request) {
      return request.has("no-dom0");
    }

    @Override
    public Fdt shape(Fdt tree, LaunchRequest request) {
      return tree.withRoot(tree.root().withChild(new FdtNode(name, List.of(), List.of())));
    }

    @Override
    public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request) {
      calls.add(name + " starts " + platform.source().root().children().stream().map(FdtNode::name).toList()
          + image.map(GuestImage::name));
      return starts;
    }
  }

  private LaunchSequence sequence() {
    return new LaunchSequence(() -> new Installed(fake(MachineBuilder.class), new PlatformReader() {
      @Override
      public Platform platform(String name, Fdt tree, Map<String, Map<String, String>> options) {
        read.add(new TreeMap<>(options).toString());
        said.add(options);
        return LaunchSequenceTest.this.platform(name, tree);
      }

      @Override
      public Platform read(Path file, Map<String, Map<String, String>> options) {
        throw new AssertionError(file);
      }

      @Override
      public BoardProvider board(Path file) {
        throw new AssertionError(file);
      }
    }, List.of(fake(BoardProvider.class)), List.of(), List.of(), List.of(), List.copyOf(shapers), List.of(), new LaunchOptions(List.copyOf(
        options))),
        told::add, (k, p, t) -> {});
  }

  private Platform platform(String name, Fdt tree) {
    PlatformNode memory = new PlatformNode("/memory@0", "memory@0", "/",
        List.of(FdtProperty.ofStrings("device_type", "memory")), List.of(), true, ram, List.of(), Map.of());
    return new Platform(name, tree, List.of(memory, processor(0), processor(1)), Timing.STANDARD);
  }

  private static PlatformNode processor(int index) {
    return new PlatformNode("/cpus/cpu@" + index, "cpu@" + index, "/cpus", List.of(FdtProperty.ofStrings("device_type", "cpu"),
        FdtProperty.ofCells("reg", index)), List.of(), true, List.of(), List.of(), Map.of());
  }

  /** Anything that notes its calls and answers with what the method's type allows. */
  @SuppressWarnings("unchecked")
  private <T> T fake(Class<T> type) {
    return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> switch (method.getName()) {
      case "name" -> "virt";
      case "standard" -> new BoardProvider.BoardRequest(1, 512 << 20, Map.of());
      case "options" -> boardSays;
      case "takes" -> true;
      case "tree" -> tree;
      case "build" -> {
        calls.add("build");
        yield fake(Machine.class);
      }
      case "unmodelled", "devices" -> List.of();
      case "eventLog" -> (EventLog) (kind, place, text) -> {};
      case "onReset" -> {
        reset = (Runnable) arguments[0];
        yield null;
      }
      case "hashCode" -> System.identityHashCode(self);
      default -> {
        if (type == Machine.class && !method.getName().equals("eventListener")) {
          calls.add(method.getName());
        }
        yield null;
      }
    });
  }

  private static LaunchRequest domains() {
    return RequestBuilder.of("virt").noDom0(true).domUs(List.of(Path.of("a.cfg"))).build();
  }

  @Test
  void shapersEditTheTreeInTurnAndTheFirstThatWantsToStarts() {
    shapers.add(new NamedShaper("low", true));
    shapers.add(new NamedShaper("high", true));
    sequence().launch(domains()).close();
    assertEquals(List.of("build", "high starts [high, low]Optional.empty", "close"), calls);
  }

  /** A shaper whose bundle was replaced is another object, and one that was removed isn't there. */
  @Test
  void aResetIsStartedByTheShapersThatAreInstalledThen() {
    shapers.add(new NamedShaper("first", true));
    Launch launched = sequence().launch(domains().toBuilder().option("on-reset", "boot").build());
    shapers.set(0, new NamedShaper("second", true));
    reset.run();
    assertEquals("second starts [first]Optional.empty", calls.getLast());
    shapers.clear();
    BadInput refused = assertThrows(BadInput.class, reset::run);
    assertTrue(refused.getMessage().contains("no hypervisor that starts domains is installed"), refused.getMessage());
    launched.close();
  }

  /** Else what is booted by tables would be booted by a tree, which nobody asked for. */
  @Test
  void aResetIsRefusedIfABundleIsGoneWhoseOptionWasSaid() {
    shapers.add(new NamedShaper("starts", true));
    options.add(named("firmware"));
    Launch launched = sequence().launch(domains().toBuilder().option("firmware", List.of("acpi")).option("own", List.of("a shaper's"))
        .option("on-reset", "boot").build());
    reset.run();
    options.clear();
    BadInput refused = assertThrows(BadInput.class, reset::run);
    assertEquals(option("firmware") + " acpi: no bundle that is installed has this option any more; add the one that was removed",
        refused.getMessage());
    options.add(named("firmware"));
    reset.run();
    options.set(0, unserved("firmware"));
    assertEquals("acpi went", assertThrows(BadInput.class, reset::run).getMessage());
    launched.close();
  }

  @Test
  void noGuestIsFetchedWhereSomebodyStartsAlone() {
    shapers.add(new NamedShaper("starts", true) {
      @Override
      public boolean serves(LaunchRequest request) {
        return true;
      }

      @Override
      public boolean startsAlone(LaunchRequest request) {
        return true;
      }
    });
    sequence().launch(RequestBuilder.of("virt").build()).close();
    assertTrue(calls.contains("starts starts [starts]Optional.empty"), calls::toString);
  }

  /** Firmware has the lower rank here, and describes the board all the same before anybody starts something. */
  @Test
  void whoStartsSomethingIsToldHowFirmwareDescribesTheBoard() {
    BoardDescription tables = fake(BoardDescription.class);
    shapers.add(new LaunchShaper() {
      @Override
      public boolean serves(LaunchRequest request) {
        return true;
      }

      @Override
      public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request) {
        throw new AssertionError("the other one starts");
      }

      @Override
      public Optional<BoardDescription> describe(Machine machine, Platform platform, Fdt tree, LaunchRequest request) {
        calls.add("describe");
        return Optional.of(tables);
      }
    });
    shapers.add(new NamedShaper("hypervisor", true) {
      @Override
      public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request,
          Optional<BoardDescription> description) {
        calls.add("start with " + (description.orElseThrow() == tables ? "tables" : "others"));
        return true;
      }
    });
    sequence().launch(domains()).close();
    assertEquals(List.of("build", "describe", "start with tables", "close"), calls);
  }

  @Test
  void filesThatAShaperHasToFetchForItsDisksAreTalkedOf() {
    shapers.add(new NamedShaper("firmware", true) {
      @Override
      public Map<String, String> disks(Platform platform, LaunchRequest request, ProgressListener progress) {
        progress.progress("fetching");
        return Map.of();
      }

      @Override
      public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request,
          Optional<BoardDescription> description) {
        return true;
      }
    });
    sequence().launch(domains()).close();
    assertTrue(told.contains("fetching"), told::toString);
  }

  @Test
  void whatAllCpusHaveIsAnOptionOfEachThatStays() {
    shapers.add(new NamedShaper("low", true) {
      @Override
      public Map<String, String> cpuOptions(LaunchRequest said) {
        return Map.of("virtualization", "false", "granules", "16k");
      }
    });
    shapers.add(new NamedShaper("high", true) {
      @Override
      public Map<String, String> cpuOptions(LaunchRequest said) {
        return Map.of("virtualization", "true");
      }
    });
    RequestBuilder request = RequestBuilder.of("virt").noDom0(true);
    sequence().launch(request.cpus(1).build()).close();
    assertEquals("{/cpus/cpu@0={virtualization=true, granules=16k}}", read.get(1), "the highest ranking says most");
    read.clear();
    sequence().launch(request.cpus(2).build()).close();
    assertEquals("{/cpus/cpu@0={virtualization=true, granules=16k}, /cpus/cpu@1={virtualization=true, granules=16k}}", read.get(1));
  }

  /** A board's file says what is usual there, and whoever launches it what is wanted this time. */
  @Test
  void whatIsAskedForGoesBeforeWhatTheBoardsFileSaysOfACpu() {
    // Settings are kept for nodes that the tree has
    FdtNode cpus = new FdtNode("cpus", List.of(), List.of(new FdtNode("cpu@0", List.of(), List.of()), new FdtNode("cpu@1", List.of(), List
        .of())));
    tree = Fdt.of(new FdtNode("", List.of(), List.of(cpus)));
    boardSays = Map.of("/cpus/cpu@0", Map.of("cpu", "usual", "granules", "4k", "lse", "true"), "/cpus/cpu@1", Map.of("cpu", "usual"));
    shapers.add(new NamedShaper("asks", true) {
      @Override
      public Map<String, String> cpuOptions(LaunchRequest said) {
        return new TreeMap<>(Map.of("cpu", "wanted", "granules", "64k"));
      }
    });
    RequestBuilder request = RequestBuilder.of("virt").noDom0(true).cpus(1);
    sequence().launch(request.build().toBuilder().option("set", List.of("/cpus/cpu@0:granules=16k")).build()).close();
    assertEquals("{cpu=wanted, granules=16k, lse=true}", new TreeMap<>(said.get(1).get("/cpus/cpu@0")).toString(),
        "first what is set, then what is asked of all, then the file");
    assertEquals(Map.of("cpu", "usual"), said.get(1).get("/cpus/cpu@1"), "a CPU that goes keeps what the file says");
  }

  @Test
  void settingsMayBeForNodesThatShapersAdd() {
    shapers.add(new NamedShaper("added", true));
    sequence().launch(domains().toBuilder().option("set", List.of("/added:colour=red", "/nobodys:size=2")).build()).close();
    assertEquals("{}", read.getFirst(), "the board hasn't them");
    assertEquals("{/added={colour=red}, /nobodys={size=2}}", read.getLast(), "what nobody added the reader refuses");
  }

  @Test
  void aShaperThatLeavesTheStartToOthersIsPassedOver() {
    shapers.add(new NamedShaper("low", true));
    shapers.add(new NamedShaper("high", false));
    sequence().launch(domains());
    assertTrue(calls.getLast().startsWith("low starts"), calls::toString);
  }

  @Test
  void aHypervisorThatIsNotInstalledIsMissedBeforeAnythingIsBuilt() {
    for (LaunchRequest request : List.of(RequestBuilder.of("virt").hypervisor(true).build(), domains())) {
      String says = assertThrows(BadInput.class, () -> sequence().launch(request)).getMessage();
      assertTrue(says.contains(request.has("no-dom0") ? "⟦no-dom0⟧" : "⟦hypervisor⟧") && says.contains("org.xenolith.hyp"), says);
    }
    assertEquals(List.of(), calls);
  }

  @Test
  void aMachineThatNobodyStartsIsClosedAgain() {
    shapers.add(new NamedShaper("only", false));
    assertThrows(BadInput.class, () -> sequence().launch(domains()));
    assertEquals("close", calls.getLast());
  }

  @Test
  void ramThatFirmwareWouldFillInIsNoRamYet() {
    shapers.add(new NamedShaper("only", true));
    ram = List.of(new AddressWindow(0x4000_0000L, 0), new AddressWindow(0, 1 << 20));
    sequence().launch(domains()).close();
    ram = List.of(new AddressWindow(0x4000_0000L, 0));
    assertTrue(assertThrows(BadInput.class, () -> sequence().launch(domains())).getMessage().contains("⟦memory⟧"));
  }

  @Test
  void ramBeyondAllAddressesIsRefused() {
    shapers.add(new NamedShaper("only", true));
    ram = List.of(new AddressWindow(1L << 63, 1 << 20));
    assertTrue(assertThrows(BadInput.class, () -> sequence().launch(domains())).getMessage().contains("0x8000000000000000"));
    assertEquals("close", calls.getLast());
  }
}
