// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import picocli.CommandLine.Option;

/** What a board can be asked for where a command makes files of it. */
final class BoardOptions {
  @Option(names = "--cpus", defaultValue = "0", description = "CPUs of a board (default: what it has).")
  private int cpus;
  @Option(names = "--gic", defaultValue = "0", description = "Interrupt controller of a board.")
  private int gic;
  @Option(names = "--memory", converter = MemorySize.class,
      description = "RAM of a board or tree, for example 512M (default: what it has).")
  private Long memory;
  @Option(names = "--el2", description = "A board for a hypervisor, to be booted with --el2 as well.")
  private boolean el2;
  @Option(names = "--option", paramLabel = "NAME=VALUE", description = "An option of a board, for example pcie=ecam. May be repeated.")
  private List<String> options;

  /** The request for a board that they make. */
  BoardRequest request(BoardProvider board) {
    List<String> all = new ArrayList<>();
    if (gic != 0) {
      all.add("gic=" + gic);
    }
    all.addAll(options == null ? List.of() : options);
    if (el2) {
      all.add("virtualization=on");
    }
    BoardRequest standard = board.standard();
    return BoardRequest.of(cpus == 0 ? standard.cpus() : cpus, memory == null ? standard.memoryBytes() : memory, all);
  }

  /** RAM in bytes; {@code otherwise} if it wasn't said. */
  long memory(long otherwise) {
    return memory == null ? otherwise : memory;
  }

  /** The first that only a board can be asked for, as it was written; null: there is none. */
  String forBoardsOnly() {
    if (options != null) {
      return "--option " + options.getFirst();
    }
    return gic != 0 ? "--gic " + gic : cpus != 0 ? "--cpus " + cpus : el2 ? "--el2" : null;
  }
}
