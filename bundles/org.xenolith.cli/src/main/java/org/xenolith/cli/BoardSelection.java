package org.xenolith.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.Platform;

/** Finds the board that the command line names and fits it to the other wishes. */
final class BoardSelection {
  private static final long DEFAULT_MEMORY = 512L << 20;
  private final Installed installed;

  BoardSelection(Installed installed) {
    this.installed = installed;
  }

  /** The platform of the board that {@code boot} names. */
  Platform choose(BootCommand wish) {
    Map<String, Map<String, String>> settings = settings(wish.settings);
    Optional<BoardProvider> provider = installed.boards().stream().filter(b -> b.name().equals(wish.board)).findFirst();
    if (wish.dtb == null && provider.isPresent()) {
      Fdt tree = provider.get().tree(new BoardRequest(wish.cpus == null ? 1 : wish.cpus,
          wish.memory == null ? DEFAULT_MEMORY : wish.memory, wish.gic == null ? 0 : wish.gic,
          options(wish.el2)));
      Platform plain = installed.reader().platform(wish.board, tree, settings);
      return wish.el2 ? installed.reader().platform(wish.board, tree, withEl2(plain, wish, settings)) : plain;
    }
    return file(wish, wish.dtb == null ? path(wish.board) : wish.dtb, settings);
  }

  private Platform file(BootCommand wish, Path file, Map<String, Map<String, String>> settings) {
    if (!Files.isRegularFile(file)) {
      throw new BadInput("board '" + file + "': no such board or file. Boards: " + installed.boards().stream()
          .map(BoardProvider::name).sorted().collect(Collectors.joining(", ")) + "; or name a .dtb or .platform file.");
    }
    if (wish.gic != null) {
      throw new BadInput("--gic " + wish.gic + ": the interrupt controller of " + file + " is what the file says");
    }
    Platform asIs = installed.reader().read(file, settings);
    if (wish.el2) {
      withEl2(asIs, wish, settings);
      asIs = installed.reader().read(file, settings);
    }
    if (wish.memory == null && wish.cpus == null) {
      return asIs;
    }
    Fdt tree = asIs.source();
    if (wish.memory != null) {
      tree = TreeEdits.memory(tree, asIs, wish.memory);
    }
    if (wish.cpus != null) {
      tree = cpus(tree, asIs, wish.cpus);
    }
    return installed.reader().platform(asIs.name(), tree, settings);
  }

  /** What a board is told when it is to be made for a hypervisor. */
  static List<String> options(boolean el2) {
    return el2 ? List.of("virtualization=on") : List.of();
  }

  /** Adds the option {@code el2} of all CPUs that there will be, unless the user said otherwise of one. */
  private static Map<String, Map<String, String>> withEl2(Platform platform, BootCommand wish,
      Map<String, Map<String, String>> settings) {
    platform.cpus().stream().limit(wish.cpus == null ? Long.MAX_VALUE : wish.cpus).forEach(cpu ->
        settings.computeIfAbsent(cpu.path(), n -> new LinkedHashMap<>()).putIfAbsent("el2", "true"));
    return settings;
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
      int equals = text.indexOf('=');
      int colon = equals < 0 ? -1 : text.lastIndexOf(':', equals);
      if (colon <= 0) {
        throw new BadInput("--set '" + text + "': expected NODE:OPTION=VALUE, for example /pl031@9010000:epoch-seconds=0");
      }
      byNode.computeIfAbsent(text.substring(0, colon), n -> new LinkedHashMap<>())
          .put(text.substring(colon + 1, equals), text.substring(equals + 1));
    }
    return byNode;
  }
}
