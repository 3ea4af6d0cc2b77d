// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionNames.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xenolith.command.api.BadInput;
import org.xenolith.cpu.arch.Granule;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.ModelSetting;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.Platform;

/** Finds the board that a request names and fits it to the other requests. */
final class BoardSelection {
  private static final long DEFAULT_MEMORY = 512L << 20;
  private final Installed installed;

  BoardSelection(Installed installed) {
    this.installed = installed;
  }

  /**
   * The platform of the board that is asked for. Settings of nodes that it hasn't wait for shapers, which may add them.
   *
   * @param needed what shapers need of a board that is made to measure
   */
  Platform choose(LaunchRequest request, Map<String, String> needed) {
    Map<String, Map<String, String>> settings = settings(request.settings());
    Optional<BoardProvider> provider = installed.boards().stream().filter(b -> b.name().equals(request.board())).findFirst();
    if (provider.isPresent()) {
      Map<String, String> asked = options(request, needed);
      Fdt tree = provider.get().tree(new BoardRequest(request.cpus().orElse(1), request.memory().orElse(DEFAULT_MEMORY),
          Integer.parseInt(asked.getOrDefault("gic", "0")), asked.entrySet().stream().filter(e -> !e.getKey().equals("gic"))
              .map(e -> e.getKey() + "=" + e.getValue()).toList()));
      settings.keySet().removeIf(path -> tree.node(path).isEmpty());
      Platform plain = installed.reader().platform(request.board(), tree, settings);
      return withCpus(plain, request, settings) ? installed.reader().platform(request.board(), tree, settings) : plain;
    }
    return file(request, path(request.board()), settings);
  }

  private Platform file(LaunchRequest request, Path file, Map<String, Map<String, String>> settings) {
    if (!Files.exists(file)) {
      throw new BadInput("board '" + file + "': no such board or file. Boards: " + installed.boards().stream()
          .map(BoardProvider::name).sorted().collect(Collectors.joining(", ")) + "; or name a .dtb or .platform file.");
    }
    request.boardOptions().forEach((name, value) -> {
      String said = installed.options().has(name) ? option(name) + " '" + value + "'" : option("option") + " '" + name + "=" + value + "'";
      throw new BadInput(said + ": " + file + " is not made to measure, it is what the file says");
    });
    if (!settings.isEmpty()) {
      Fdt known = installed.reader().read(file, Map.of()).source();
      settings.keySet().removeIf(path -> known.node(path).isEmpty());
    }
    Platform asIs = installed.reader().read(file, settings);
    if (withCpus(asIs, request, settings)) {
      asIs = installed.reader().read(file, settings);
    }
    if (request.memory().isEmpty() && request.cpus().isEmpty()) {
      return asIs;
    }
    Fdt tree = asIs.source();
    if (request.memory().isPresent()) {
      tree = TreeEdits.memory(tree, asIs, request.memory().getAsLong());
    }
    if (request.cpus().isPresent()) {
      tree = cpus(tree, asIs, request.cpus().getAsInt());
    }
    return installed.reader().platform(asIs.name(), tree, settings);
  }

  /** What a board that is made to measure is told: what the request says, that it is for a hypervisor, and what shapers need. */
  private static Map<String, String> options(LaunchRequest request, Map<String, String> needed) {
    Map<String, String> options = new LinkedHashMap<>(request.boardOptions());
    if (request.el2()) {
      options.putIfAbsent("virtualization", "on");
    }
    needed.forEach(options::putIfAbsent);
    return options;
  }

  /** Adds the options that all CPUs have that there will be, unless the user said otherwise of one. Returns whether there are any. */
  private static boolean withCpus(Platform platform, LaunchRequest request, Map<String, Map<String, String>> settings) {
    Map<String, String> options = new LinkedHashMap<>();
    if (request.el2()) {
      options.put("el2", "true");
    }
    options.putAll(request.cpuOptions());
    platform.cpus().stream().limit(request.cpus().isPresent() ? request.cpus().getAsInt() : Long.MAX_VALUE).forEach(cpu -> options.forEach((
        name, value) -> settings.computeIfAbsent(cpu.path(), n -> new LinkedHashMap<>()).putIfAbsent(name, value)));
    return !options.isEmpty();
  }

  private static Fdt cpus(Fdt tree, Platform platform, int wanted) {
    var all = platform.cpus();
    if (wanted > all.size()) {
      throw new BadInput(option("cpus") + " " + wanted + ": " + platform.name() + " has " + all.size());
    }
    Fdt fewer = tree;
    for (var cpu : all.subList(wanted, all.size())) {
      fewer = fewer.edit(cpu.parent(), node -> without(node, cpu.name()));
    }
    return fewer;
  }

  private static FdtNode without(FdtNode node, String child) {
    return node.withoutChild(child);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (java.nio.file.InvalidPathException e) {
      throw new BadInput("board '" + text + "': " + e.getReason());
    }
  }

  /** Options by node and name, from texts as a user writes them. */
  static Map<String, Map<String, String>> settings(List<String> texts) {
    Map<String, Map<String, String>> byNode = new HashMap<>();
    for (String text : texts) {
      ModelSetting setting = LaunchOptions.parsed("set", text, ModelSetting::of);
      byNode.computeIfAbsent(setting.node(), n -> new LinkedHashMap<>()).put(setting.option(), setting.value());
    }
    return byNode;
  }
}
