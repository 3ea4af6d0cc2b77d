// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xenolith.command.api.BadInput;
import org.xenolith.cpu.arch.Granule;
import org.xenolith.fdt.Fdt;
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
    Optional<BoardProvider> provider = installed.boards().stream().filter(b -> b.name().equals(request.board())).findFirst();
    BoardProvider board = provider.isPresent() ? provider.get() : file(request, path(request.board()));
    BoardRequest standard = board.standard();
    Fdt tree = board.tree(new BoardRequest(request.cpus().orElse(standard.cpus()), request.memory().orElse(standard.memoryBytes()),
        requests(board, request)));
    Map<String, Map<String, String>> settings = settings(request.settings());
    board.options().forEach((path, options) -> options.forEach((name, value) -> settings.computeIfAbsent(path, n -> new LinkedHashMap<>())
        .putIfAbsent(name, value)));
    settings.keySet().removeIf(path -> tree.node(path).isEmpty());
    Platform plain = installed.reader().platform(board.name(), tree, settings);
    return withCpus(plain, request, settings) ? installed.reader().platform(board.name(), tree, settings) : plain;
  }

  /** The board that a file is, if it takes what is asked for. */
  private BoardProvider file(LaunchRequest request, Path file) {
    if (!Files.exists(file)) {
      throw new BadInput("board '" + file + "': no such board or file. Boards: " + installed.boards().stream()
          .map(BoardProvider::name).sorted().collect(Collectors.joining(", ")) + "; or name a .dtb or .platform file.");
    }
    BoardProvider board = installed.reader().board(file);
    if (request.gic().isPresent() && !board.takes("gic")) {
      throw new BadInput("--gic " + request.gic().getAsInt() + ": the interrupt controller of " + file + " is what the file says");
    }
    for (String option : request.boardOptions()) {
      if (!board.takes(option.replaceFirst("=.*", ""))) {
        throw new BadInput("--option " + option + ": " + file + " is not made to measure, it is what the file says");
      }
    }
    if (request.options().containsKey(PCIE) && !board.takes(PCIE)) {
      throw new BadInput("--pcie " + request.options().get(PCIE) + ": the PCI host bridge of " + file + " is what the file says");
    }
    if (request.options().containsKey("iommu") && !board.takes("iommu")) {
      throw new BadInput("--iommu " + request.options().get("iommu") + ": what translates addresses on " + file + " is what the file says");
    }
    return board;
  }

  /** What a board is told by name: what the user asked for, that it is for a hypervisor, that there are PCI devices. */
  private static Map<String, String> requests(BoardProvider board, LaunchRequest request) {
    Map<String, String> requests = new LinkedHashMap<>(new BoardRequest(0, 0, request.gic().orElse(0), request.boardOptions()).requests());
    if (request.el2() && board.takes("virtualization")) {
      requests.put("virtualization", "on");
    }
    Map<String, String> options = request.options();
    if (options.containsKey(PCIE)) {
      requests.put(PCIE, options.get(PCIE));
    } else if ((options.containsKey("pci") || options.containsKey("iommu")) && board.takes(PCIE)) {
      requests.putIfAbsent(PCIE, "ecam");
    }
    if (options.containsKey("iommu")) {
      requests.put("iommu", options.get("iommu"));
    }
    return requests;
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
