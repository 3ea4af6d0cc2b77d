// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.AssumedMemory;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.Platform;

/** Finds the board that a request names and fits it to the other requests. */
final class BoardSelection {
  private final Installed installed;
  private final ProgressListener progress;

  /** @param progress hears what had to be assumed */
  BoardSelection(Installed installed, ProgressListener progress) {
    this.installed = installed;
    this.progress = progress;
  }

  /**
   * The platform of the board that is asked for. Settings of nodes that it hasn't wait for shapers, which may add them.
   *
   * @param needed what shapers need of a board that has it
   * @param ofCpus what shapers need of the model of each CPU
   */
  Platform choose(LaunchRequest request, Map<String, String> needed, Map<String, String> ofCpus) {
    Optional<BoardProvider> provider = installed.boards().stream().filter(b -> b.name().equals(request.board())).findFirst();
    BoardProvider board = provider.isPresent() ? provider.get() : file(request, path(request.board()));
    BoardRequest standard = board.standard();
    Fdt tree = board.tree(new BoardRequest(request.cpus().orElse(standard.cpus()), request.memory().orElse(standard.memoryBytes()),
        requests(board, request, needed)));
    if (provider.isEmpty() && request.memory().isPresent()) {
      AssumedMemory.of(board.tree(standard), tree).ifPresent(text -> progress.progress("board " + board.name() + ": " + text + "; if it is"
          + " elsewhere, describe it with " + option("node")));
    }
    // A node is told what the user sets of it, then what is asked of all CPUs, and what the board's file says of it last.
    Map<String, Map<String, String>> settings = MachineOptions.settings(request);
    settings.keySet().removeIf(path -> tree.node(path).isEmpty());
    Platform plain = installed.reader().platform(board.name(), tree, completed(settings, board, tree));
    if (ofCpus.isEmpty()) {
      return plain;
    }
    needOfCpus(plain, request, ofCpus, settings);
    return installed.reader().platform(board.name(), tree, completed(settings, board, tree));
  }

  /** These settings, and where they say nothing the options that the board gives to nodes that it has. */
  private static Map<String, Map<String, String>> completed(Map<String, Map<String, String>> settings, BoardProvider board, Fdt tree) {
    Map<String, Map<String, String>> all = new HashMap<>();
    settings.forEach((path, options) -> all.put(path, new LinkedHashMap<>(options)));
    board.options().forEach((path, options) -> {
      if (tree.node(path).isPresent()) {
        Map<String, String> said = all.computeIfAbsent(path, p -> new LinkedHashMap<>());
        options.forEach(said::putIfAbsent);
      }
    });
    return all;
  }

  /** The board that a file is, if it takes what is asked for. */
  private BoardProvider file(LaunchRequest request, Path file) {
    if (!Files.exists(file) && !Files.exists(path(file.toString().replaceFirst("#[^#]*$", "")))) { // a unified kernel image's is FILE#NAME
      throw new BadInput("board '" + file + "': no such board or file. Boards: " + installed.boards().stream()
          .map(BoardProvider::name).sorted().collect(Collectors.joining(", "))
          + "; or name a .dtb, .dts or .platform file, or a unified kernel image with a device tree.");
    }
    BoardProvider board = installed.reader().board(file);
    request.boardOptions().forEach((name, value) -> {
      if (!board.takes(name)) {
        String said = installed.options().has(name) ? option(name) + " '" + value + "'" : option("option") + " '" + name + "=" + value
            + "'";
        throw new BadInput(said + ": " + file + " is not made to measure, it is what the file says");
      }
    });
    return board;
  }

  /** What a board is told by name: what the request says, and where it has such choices what shapers need. */
  private static Map<String, String> requests(BoardProvider board, LaunchRequest request, Map<String, String> needed) {
    Map<String, String> requests = new LinkedHashMap<>(request.boardOptions());
    needed.forEach((name, value) -> {
      if (board.takes(name)) {
        requests.putIfAbsent(name, value);
      }
    });
    return requests;
  }

  /** Adds what shapers need of all CPUs that there will be, unless the user set something else of one. */
  private static void needOfCpus(Platform platform, LaunchRequest request, Map<String, String> needed, Map<String, Map<String,
      String>> settings) {
    platform.cpus().stream().limit(request.cpus().isPresent() ? request.cpus().getAsInt() : Long.MAX_VALUE).forEach(cpu -> needed.forEach((
        name, value) -> settings.computeIfAbsent(cpu.path(), n -> new LinkedHashMap<>()).putIfAbsent(name, value)));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (java.nio.file.InvalidPathException e) {
      throw new BadInput("board '" + text + "': " + e.getReason());
    }
  }
}
