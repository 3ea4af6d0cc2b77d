// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.launch.api.BoardDescription;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformReader;

/** Those that have a say in one launch, highest ranking first. */
final class Shapers {
  /** The option for a hypervisor that starts domains in the place of the kernel: a guest of one has other needs of the launcher. */
  static final String HYPERVISOR = "hypervisor";
  private final List<LaunchShaper> serving;
  private final LaunchRequest request;

  /** @param installed all of them, lowest ranking first, as the service runtime has them */
  Shapers(List<LaunchShaper> installed, LaunchRequest request) {
    this.request = request;
    serving = installed.reversed().stream().filter(shaper -> shaper.serves(request)).toList();
    if (request.has(HYPERVISOR) && serving.isEmpty()) {
      throw unserved();
    }
  }

  /** What they need of a board that is made to measure; what the highest ranking says counts. */
  private Map<String, String> boardOptions() {
    Map<String, String> needed = new LinkedHashMap<>();
    serving.forEach(shaper -> shaper.boardOptions(request).forEach(needed::putIfAbsent));
    return needed;
  }

  /** What they need of the model of each CPU; what the highest ranking says counts. */
  private Map<String, String> cpuOptions() {
    Map<String, String> needed = new LinkedHashMap<>();
    serving.forEach(shaper -> shaper.cpuOptions(request).forEach(needed::putIfAbsent));
    return needed;
  }

  /** The board that is asked for, as they need and want it. */
  Platform platform(BoardSelection selection, PlatformReader reader) {
    return shape(selection.choose(request, boardOptions(), cpuOptions()), reader);
  }

  /** The platform as they want it. */
  private Platform shape(Platform platform, PlatformReader reader) {
    Fdt tree = platform.source();
    for (LaunchShaper shaper : serving) {
      tree = shaper.shape(tree, request);
    }
    Map<String, Map<String, String>> options = MachineOptions.settings(request);
    platform.nodes().forEach(node -> options.remove(node.path()));
    if (tree == platform.source() && options.isEmpty()) {
      return platform;
    }
    // Those that are left are for nodes that shapers add; the reader names what nobody has
    platform.nodes().forEach(node -> options.put(node.path(), node.options()));
    options.values().removeIf(Map::isEmpty);
    Platform shaped = reader.platform(platform.name(), tree, options);
    return new Platform(shaped.name(), shaped.source(), shaped.nodes(), platform.timing());
  }

  /** The disks that they bring along, by place. @param progress hears of what has to be fetched for them */
  Map<String, String> disks(Platform platform, ProgressListener progress) {
    Map<String, String> disks = new LinkedHashMap<>();
    serving.forEach(shaper -> shaper.disks(platform, request, progress).forEach(disks::putIfAbsent));
    return disks;
  }

  /** Whether one of them starts something where no guest is named. */
  boolean startAlone() {
    return serving.stream().anyMatch(shaper -> shaper.startsAlone(request));
  }

  /** Lets the first that will start the machine; false leaves that to a boot loader. */
  boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest completed,
      Optional<BoardDescription> description) {
    return done(serving.stream().anyMatch(shaper -> shaper.start(machine, platform, image, completed, description)));
  }

  /** How the board is described to what is started, if not by its tree. */
  Optional<BoardDescription> describe(Machine machine, Platform platform, Fdt tree, LaunchRequest completed) {
    return serving.stream().flatMap(shaper -> shaper.describe(machine, platform, tree, completed).stream()).findFirst();
  }

  /** Lets them take their places in a machine that is to continue a snapshot. */
  void resume(Machine machine, Platform platform) {
    done(serving.stream().anyMatch(shaper -> shaper.resume(machine, platform, request)));
  }

  /** Opens what the machine has outside. Returns who ends each. */
  List<Runnable> connect(Machine machine, Consumer<String> told) {
    return open(shaper -> shaper.connect(machine, request, told));
  }

  /** Has the guest of a fork find out that nothing is outside. Returns who ends each. */
  List<Runnable> cutOff(Machine machine, Consumer<String> told) {
    return open(shaper -> shaper.cutOff(machine, request, told));
  }

  private List<Runnable> open(Function<LaunchShaper, Runnable> opens) {
    List<Runnable> open = new ArrayList<>();
    try {
      serving.forEach(shaper -> open.add(opens.apply(shaper)));
      return open;
    } catch (Throwable e) {
      open.forEach(Runnable::run);
      throw e;
    }
  }

  /** The console of what they started, if it isn't the board's. */
  Optional<String> console(Machine machine) {
    return serving.stream().flatMap(shaper -> shaper.console(machine).stream()).findFirst();
  }

  private boolean done(boolean started) {
    if (!started && request.has(HYPERVISOR)) {
      throw unserved();
    }
    return started;
  }

  private BadInput unserved() {
    String option = option(Stream.of("no-dom0", "domu").filter(request::has).findFirst().orElse(HYPERVISOR));
    return new BadInput(option + ": no hypervisor that starts domains is installed. Build the tree with its bundles"
        + " org.xenolith.hyp.*, or boot without " + option);
  }
}
