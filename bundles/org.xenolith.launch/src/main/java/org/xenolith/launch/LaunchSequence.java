// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootPlan.TreePlace;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.boot.kit.UnifiedGuest;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.launch.api.BoardDescription;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.ContentName;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.machine.control.MachineState;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** One launch: build, load, start; or build and restore. After a reset it's started with what is installed then. */
final class LaunchSequence {
  /** What couldn't be made, or go back to where it began. */
  static final String FORK = "a fork of the machine";

  private final Supplier<Installed> bundles;
  private final Installed installed;
  private final ProgressListener progress;
  private final EventLog events;

  /** @param bundles what is installed whenever it's asked */
  LaunchSequence(Supplier<Installed> bundles, ProgressListener progress, EventLog events) {
    this.bundles = bundles;
    this.installed = bundles.get();
    this.progress = progress;
    this.events = events;
  }

  /** Launches what is asked for: a new machine, or one that continues a snapshot. */
  LaunchedMachine launch(LaunchRequest asked) {
    Optional<Path> snapshot = GuestOptions.file(asked, GuestOptions.LOAD);
    if (snapshot.isPresent()) {
      SavedBoot saved = SavedBoot.read(snapshot.get());
      return launch(saved.requests(asked), Optional.of(new Origin(saved, saved.platform(installed, snapshot.get()), saved::content,
          machine -> machine.restore(snapshot.get()), option(GuestOptions.LOAD) + " '" + snapshot.get() + "'", Optional.empty())));
    }
    return launch(asked, Optional.empty());
  }

  /** Launches a machine that goes on from where another one is. */
  LaunchedMachine fork(LaunchedMachine from) {
    MachineState state;
    try {
      state = from.machine().state();
    } catch (IOException e) {
      throw new BadInput(FORK + ": " + HostReason.of(e).text());
    }
    try {
      return fork(from, new ForkedState(state, true));
    } catch (Throwable e) {
      state.close();
      throw e;
    }
  }

  /** Launches a machine that goes on from a state that another one had. */
  LaunchedMachine fork(LaunchedMachine from, ForkedState state) {
    return launch(from.request(), Optional.of(new Origin(from.facts(), from.platform(), request -> from.content(), machine -> machine
        .restore(state.state()), FORK, Optional.of(state))));
  }

  /** What takes a machine's state over. */
  private interface Restore {
    void into(Machine machine) throws IOException;
  }

  /**
   * What a machine goes on from.
   *
   * @param content what it boots from after a reset, if it is asked for that
   * @param restore gives it the state
   * @param name    what that is, for messages
   * @param state   what the machine keeps as long as it's there; empty if nothing
   */
  private record Origin(SavedBoot saved, Platform platform, Function<LaunchRequest, Optional<BootContent>> content, Restore restore,
      String name, Optional<ForkedState> state) {
    void restore(Machine machine) {
      try {
        restore.into(machine);
      } catch (IOException e) {
        throw new BadInput(name + ": " + HostReason.of(e).text());
      }
    }
  }

  private LaunchedMachine launch(LaunchRequest request, Optional<Origin> origin) {
    Shapers shapers = new Shapers(installed.shapers(), request);
    Platform platform = origin.map(Origin::platform).orElseGet(() -> shapers.platform(new BoardSelection(installed, progress), installed
        .reader()));
    DiskSet disks = new DiskSet(installed, request.option(GuestOptions.DISK), shapers.disks(platform, progress), progress);
    Machine machine = null;
    try {
      Map<String, String> functions = NodeFunctions.of(request);
      platform.nodes().forEach(node -> node.property(PlatformNode.FUNCTION).ifPresent(id -> functions.put(node.path(), id.string())));
      functions.putAll(disks.place(platform, functions.keySet()));
      Optional<BootContent> booted = origin.isPresent() ? Optional.empty() : Optional.of(content(request, platform, shapers));
      machine = installed.builder().build(new MachineRequest(platform, MachineOptions.engine(request), functions), events);
      checkCards(machine, platform);
      disks.attach(machine);
      SavedBoot saved;
      Optional<BootContent> content;
      if (origin.isEmpty()) {
        give(machine, booted.get(), request);
        start(machine, platform, booted.get(), request);
        content = booted.filter(kept -> GuestOptions.bootsAgain(request));
        saved = SavedBoot.of(booted.get().image().map(GuestImage::name).orElse(""), request, platform, installed.options()::inSnapshot);
      } else {
        shapers.resume(machine, platform);
        content = origin.get().content().apply(request);
        saved = origin.get().saved();
        origin.get().restore(machine);
        if (origin.get().state().isPresent()) {
          ClosedFolders.of(machine);
        }
      }
      if (content.isPresent()) {
        Machine launched = machine;
        BootContent kept = content.get();
        Set<String> served = request.options().keySet().stream().filter(installed.options()::has).collect(Collectors.toSet());
        machine.onReset(() -> new LaunchSequence(bundles, progress, events).again(launched, platform, kept, request, served));
      }
      String console = shapers.console(machine).orElseGet(() -> StandardOutput.node(platform));
      if (!request.has(Shapers.HYPERVISOR)) {
        BoardGaps.of(machine, platform).tell(machine.eventLog(), console);
        EventLog told = machine.eventLog();
        supplies(machine, platform).text().ifPresent(text -> told.announce("stand-in", "/", text));
      }
      Optional<ForkedState> state = origin.flatMap(Origin::state);
      return new LaunchedMachine(bundles, request, machine, platform, console, saved, disks, content, state, new Debugged(state.isEmpty()),
          new Connected());
    } catch (Throwable e) {
      giveBack(machine, disks, e);
      throw e;
    }
  }

  /** What a new machine boots. */
  private BootContent content(LaunchRequest request, Platform platform, Shapers shapers) {
    List<BootModule> modules = GuestSelection.modules(request);
    return BootContent.of(new GuestSelection(installed, progress, platform, request.has(Shapers.HYPERVISOR)).choose(request, shapers
        .startAlone()), modules, request);
  }

  /** Says what the machine begins with, by whatever way a shaper or a boot loader brings it to the guest. */
  private static void give(Machine machine, BootContent content, LaunchRequest request) {
    content.image().ifPresent(image -> {
      machine.given(new ContentName("kernel", kernel(image, request)), image.kernel());
      image.initrd().ifPresent(initrd -> machine.given(new ContentName("initrd", request.option(GuestOptions.INITRD).isEmpty() ? "guest "
          + image.name() : option(GuestOptions.INITRD) + " '" + String.join("', '", request.option(GuestOptions.INITRD)) + "'"), initrd));
      machine.given(new ContentName("command line", ""), (image.commandLine() + ' ' + content.append()).strip().getBytes(
          StandardCharsets.UTF_8));
    });
    for (int i = 0; i < content.modules().size(); i++) {
      BootModule module = content.modules().get(i);
      String source = option(GuestOptions.MODULE) + " '" + request.option(GuestOptions.MODULE).get(i) + "'";
      machine.given(new ContentName("module " + (i + 1), source), module.data());
      machine.given(new ContentName("words of module " + (i + 1), source), module.arguments().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A mistyped device must not be lost in silence. */
  private static void checkCards(Machine machine, Platform platform) {
    if (platform.nodes().stream().noneMatch(node -> node.slot().isPresent())) {
      return;
    }
    Set<String> served = machine.devices().stream().map(Machine.DeviceFact::instance).collect(Collectors.toSet());
    for (PlatformNode node : platform.nodes()) {
      if (node.slot().isPresent() && !served.contains(node.path())) {
        throw new BadInput(option("pci") + " " + node.slot().get() + ": no bundle serves " + node.compatible().getFirst()
            + "; './xenolith models' lists what there is");
      }
    }
  }

  /** What went wrong first is what the user must hear. */
  private static void giveBack(Machine machine, DiskSet disks, Throwable cause) {
    try (disks) {
      if (machine != null) {
        machine.close();
      }
    } catch (Throwable e) {
      cause.addSuppressed(e);
    }
  }

  Fdt guestTree(LaunchRequest request) {
    Shapers shapers = new Shapers(installed.shapers(), request);
    Platform platform = shapers.platform(new BoardSelection(installed, progress), installed.reader());
    try (Machine machine = installed.builder().build(new MachineRequest(platform, MachineOptions.engine(request), NodeFunctions.of(
        request)))) {
      return guestTree(machine, platform);
    }
  }

  private static Fdt guestTree(Machine machine, Platform platform) {
    return TreeEdits.withoutCards(TreeEdits.disabled(supplies(machine, platform).tree(), machine.unmodelled()));
  }

  private static Supplies supplies(Machine machine, Platform platform) {
    return new Supplies(platform.source(), BoardGaps.of(machine, platform).served(), machine.unmodelled());
  }

  /** After a reset: what nobody carries out any more must not be left out without a word. @param served options that somebody has had */
  private void again(Machine machine, Platform platform, BootContent content, LaunchRequest request, Set<String> served) {
    served.stream().filter(name -> !installed.options().has(name)).sorted().findFirst().ifPresent(name -> {
      throw new BadInput(option(name) + " " + String.join(" ", request.option(name))
          + ": no bundle that is installed has this option any more; add the one that was removed");
    });
    request.options().forEach(installed.options()::checkServed);
    start(machine, platform, content, request);
  }

  /** Loads and starts it, at the launch and after each reset. */
  private void start(Machine machine, Platform platform, BootContent content, LaunchRequest request) {
    List<MemoryRange> memory = platform.memory().stream().filter(window -> window.size() != 0).map(LaunchSequence::range).toList();
    if (memory.isEmpty()) {
      throw new BadInput(platform.name() + " has no memory: say how much with " + option("memory"));
    }
    Shapers shapers = new Shapers(installed.shapers(), request);
    LaunchRequest completed = content.completed(request);
    // A device whose bundle has come or gone since the last start is there for the guest, or isn't.
    Fdt tree = guestTree(machine, platform);
    Optional<BoardDescription> description = shapers.describe(machine, platform, tree, completed);
    if (shapers.start(machine, platform, content.image(), completed, description)) {
      return;
    }
    UnifiedGuest parts = parts(content.image().orElseThrow(() -> new BadInput("nothing is there to start: name a guest with " + option(
        "guest"))), content.append(), completed, machine.eventLog());
    GuestImage guest = parts.image();
    BootPlan plan = plan(BootRequest.of(guest, parts.words(), memory).withModules(content.modules()).withCpus(platform.cpus())
        .withReserved(reserved(platform, description))
        .withRootPointer(description.map(BoardDescription::rootPointer).orElse(OptionalLong.empty()))
        .withPlace(content.kernelAddress(), content.entry()).withOptions(completed.options()), guest, completed);
    DeviceTreeFacts facts = plan.tree().map(TreePlace::facts).orElseGet(() -> new DeviceTreeFacts("", Optional.empty(), memory));
    Fdt given = description.map(other -> other.load(machine::load, facts)).orElseGet(() -> TreeEdits.chosen(tree, facts));
    plan.load(machine::load, FdtWriter.write(given));
    machine.start(plan.entry());
  }

  /** What the board keeps from everybody, and where firmware has put something. */
  private static List<MemoryRange> reserved(Platform platform, Optional<BoardDescription> description) {
    List<MemoryRange> all = new ArrayList<>(description.map(BoardDescription::reserved).orElse(List.of()));
    platform.reserved().forEach(window -> all.add(new MemoryRange(window.base(), window.size())));
    return all;
  }

  /** The parts of a unified kernel image in its place: no firmware has taken it as a whole. */
  private static UnifiedGuest parts(GuestImage image, String words, LaunchRequest request, EventLog events) {
    String kernel = kernel(image, request);
    try {
      return UnifiedGuest.of(image, words, GuestOptions.file(request, GuestOptions.KERNEL).map(Path::toString), request.board(), (kind,
          text) -> events.announce(kind, "/", kernel + " " + text));
    } catch (BootException e) {
      throw new BadInput(kernel + ": " + e.getMessage());
    }
  }

  /** What a message about it begins with. */
  private static String kernel(GuestImage image, LaunchRequest request) {
    return GuestOptions.file(request, GuestOptions.KERNEL).map(file -> option(GuestOptions.KERNEL) + " '" + file + "'").orElse("guest "
        + image.name());
  }

  private BootPlan plan(BootRequest boot, GuestImage image, LaunchRequest request) {
    String kernel = kernel(image, request);
    BootLoader loader = installed.loaders().reversed().stream().filter(l -> l.recognises(image.kernel())).findFirst()
        .orElseThrow(() -> new BadInput(kernel + ": no format that an installed boot loader knows; expected "
            + String.join(" or ", installed.loaders().reversed().stream().map(BootLoader::format).toList())));
    try {
      return loader.plan(boot);
    } catch (BootException e) {
      throw new BadInput(kernel + ": " + e.getMessage());
    }
  }

  private static MemoryRange range(AddressWindow window) {
    if (window.base() < 0 || window.end() < 0) {
      throw new BadInput("memory of 0x%x bytes at 0x%x: no CPU has so high an address; correct the memory node's reg".formatted(window
          .size(),
          window.base()));
    }
    return new MemoryRange(window.base(), window.size());
  }
}
