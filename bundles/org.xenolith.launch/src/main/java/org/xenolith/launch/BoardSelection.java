// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

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
import org.xenolith.launch.api.BootRules;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.Platform;

/** Finds the board that a request names and fits it to the other requests. */
final class BoardSelection {
  private static final long DEFAULT_MEMORY = 512L << 20;
  private static final String PCIE = "pcie";
  private final Installed installed;

  BoardSelection(Installed installed) {
    this.installed = installed;
  }

  /** The platform of the board that is asked for. Settings of nodes that it hasn't wait for shapers, which may add them. */
  Platform choose(LaunchRequest request) {
    Map<String, Map<String, String>> settings = settings(request.settings());
    Optional<BoardProvider> provider = installed.boards().stream().filter(b -> b.name().equals(request.board())).findFirst();
    if (provider.isPresent()) {
      Fdt tree = provider.get().tree(new BoardRequest(request.cpus().orElse(1),
          request.memory().orElse(DEFAULT_MEMORY), request.gic().orElse(0), options(request)));
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
    if (request.gic().isPresent()) {
      throw new BadInput("--gic " + request.gic().getAsInt() + ": the interrupt controller of " + file + " is what the file says");
    }
    if (!request.boardOptions().isEmpty()) {
      throw new BadInput("--option " + request.boardOptions().getFirst() + ": " + file
          + " is not made to measure, it is what the file says");
    }
    if (request.options().containsKey(PCIE)) {
      throw new BadInput("--pcie " + request.options().get(PCIE) + ": the PCI host bridge of " + file + " is what the file says");
    }
    if (request.options().containsKey("iommu")) {
      throw new BadInput("--iommu " + request.options().get("iommu") + ": what translates addresses on " + file + " is what the file says");
    }
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

  /** What a board that is made to measure is told: that it is for a hypervisor, that there are PCI devices. */
  private static List<String> options(LaunchRequest request) {
    List<String> options = new ArrayList<>(request.boardOptions());
    if (request.el2()) {
      options.add("virtualization=on");
    }
    boolean bridgeSaid = options.stream().anyMatch(option -> option.startsWith(PCIE + "=")) && !request.options().containsKey(PCIE);
    if (!bridgeSaid && (request.options().containsKey("pci") || request.options().containsKey("iommu") || request.options().containsKey(
        PCIE))) {
      options.add(PCIE + "=" + request.options().getOrDefault(PCIE, "ecam"));
    }
    if (request.options().containsKey("iommu")) {
      options.add("iommu=" + request.options().get("iommu"));
    }
    return options;
  }

  /** Adds the options that all CPUs have that there will be, unless the user said otherwise of one. Returns whether there are any. */
  private static boolean withCpus(Platform platform, LaunchRequest request, Map<String, Map<String, String>> settings) {
    Map<String, String> options = new LinkedHashMap<>();
    if (request.el2()) {
      options.put("el2", "true");
    }
    if (request.options().containsKey(Granule.OPTION)) {
      options.put(Granule.OPTION, granules(request.options().get(Granule.OPTION)));
    }
    platform.cpus().stream().limit(request.cpus().isPresent() ? request.cpus().getAsInt() : Long.MAX_VALUE).forEach(cpu -> options.forEach((
        name, value) -> settings.computeIfAbsent(cpu.path(), n -> new LinkedHashMap<>()).putIfAbsent(name, value)));
    return !options.isEmpty();
  }

  private static String granules(String list) {
    try {
      return Granule.list(Granule.parse(list));
    } catch (IllegalArgumentException e) {
      throw new BadInput("--granules: " + e.getMessage());
    }
  }

  private static Fdt cpus(Fdt tree, Platform platform, int wanted) {
    var all = platform.cpus();
    if (wanted > all.size()) {
      throw new BadInput("--cpus " + wanted + ": " + platform.name() + " has " + all.size());
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

  /** Options by node and name, from texts as {@code --set} has them. */
  static Map<String, Map<String, String>> settings(List<String> texts) {
    Map<String, Map<String, String>> byNode = new HashMap<>();
    for (String text : texts) {
      List<String> parts = BootRules.setting(text);
      byNode.computeIfAbsent(parts.get(0), n -> new LinkedHashMap<>()).put(parts.get(1), parts.get(2));
    }
    return byNode;
  }
}
