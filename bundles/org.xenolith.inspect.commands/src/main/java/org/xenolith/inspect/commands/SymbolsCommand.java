// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.kit.NamedAddress;
import org.xenolith.inspect.symbols.GuestKernel;
import org.xenolith.inspect.symbols.LoadedCode;
import org.xenolith.inspect.symbols.Symbol;

/** {@code symbols}: names of addresses. */
final class SymbolsCommand extends InspectCommand {
  private static final int SHOWN = 50;
  private static final String ADD = "add";
  private final InspectedRuns runs;

  SymbolsCommand(InspectedRuns runs) {
    super(runs, "symbols", "[PART|ADDRESS|add FILE]", "symbols with a part of a name, the one of an address, or those of a file", """
          Those of a kernel are found in its memory: they are those that it has of itself. A FILE is an ELF file or lines as in System.map, as FILE[@OFFSET]
          with the hexadecimal offset at which it runs. Without a word: which kernel is there, with its modules; of
          firmware, the images that it has started.
          (xenolith) symbols
          (xenolith) symbols virtio_pci
          (xenolith) symbols 0xffff800008b40010
          (xenolith) symbols add vmlinux
          """);
    this.runs = runs;
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    InspectedProcessor processor = run.processor();
    if (words.isEmpty()) {
      return kernel(run, processor);
    }
    if (words.getFirst().equals(ADD) && words.size() == 2) {
      run.symbols.add(runs.finder().files(List.of(words.get(1))));
      return WordAnswer.of("");
    }
    if (words.size() > 1) {
      throw usage();
    }
    String part = words.getFirst();
    if (part.startsWith("0x")) {
      long address = NamedAddress.of(run.on, processor, part).address();
      return shown(run.symbols.at(processor, address).stream().toList(), Optional.of(address), part + ": no symbol is known there");
    }
    List<Symbol> exact = run.symbols.named(processor, part);
    List<Symbol> found = new ArrayList<>(exact);
    String lower = part.toLowerCase(Locale.ROOT);
    run.symbols.tables(processor).forEach(each -> each.all().stream().filter(symbol -> symbol.name().toLowerCase(Locale.ROOT).contains(
        lower) && !symbol.name()
            .equals(part)).forEach(found::add));
    if (found.isEmpty()) {
      NamedAddress.of(run.on, processor, part); // says what is near, or that there are none
    }
    return shown(found, Optional.empty(), "there is no symbol with '" + part + "' in its name");
  }

  /** The kernel and what is loaded beside it, a line each. */
  private static WordAnswer kernel(InspectedRun run, InspectedProcessor processor) {
    Optional<GuestKernel> kernel = run.symbols.kernel(processor);
    List<LoadedCode> images = run.symbols.images(processor);
    if (kernel.isEmpty() && images.isEmpty()) {
      throw new BadInput("no kernel of a known form is where cpu" + processor.index() + " executes");
    }
    StringBuilder text = new StringBuilder(kernel.map(SymbolsCommand::text).orElse(""));
    List<Object> data = new ArrayList<>();
    for (LoadedCode each : images) {
      text.append("0x%016x %,9d bytes %,5d symbols %s%n".formatted(each.base(), each.size(), each.symbols().all().size(), each.name()));
      data.add(WordAnswer.map("name", each.name(), "base", WordAnswer.hex(each.base()), "size", each.size(), "symbols", each.symbols()
          .all().size()));
    }
    return new WordAnswer(text.toString(), kernel.map(each -> WordAnswer.map("version", each.version(), "symbols", each.symbols().all()
        .size(), "base", WordAnswer.hex(each.base()), "below", WordAnswer.hex(each.below()), "moved", each.moved().isPresent() ? WordAnswer
            .hex(each.moved().getAsLong()) : "", "images", data)).orElse(WordAnswer.map("images", data)));
  }

  private static String text(GuestKernel kernel) {
    String moved = kernel.moved().isPresent() ? "moved by 0x%x (KASLR)".formatted(kernel.moved().getAsLong())
        : "how far it was moved isn't known";
    return "%s%,d symbols, from 0x%016x on, which is 0x%x below; %s%n".formatted(kernel.version().isEmpty() ? "" : kernel.version() + "\n",
        kernel.symbols().all().size(), kernel
            .base(), kernel.below(), moved);
  }

  private static WordAnswer shown(List<Symbol> found, Optional<Long> address, String none) {
    if (found.isEmpty()) {
      throw new BadInput(none);
    }
    StringBuilder text = new StringBuilder();
    List<Object> data = new ArrayList<>();
    for (Symbol each : found) {
      if (data.size() == SHOWN) {
        text.append("and %,d more%n".formatted(found.size() - SHOWN));
        break;
      }
      String kind = each.kind().name().toLowerCase(Locale.ROOT);
      text.append("0x%016x %6d %s%s %s%n".formatted(each.address(), each.size(), kind, each.global() ? "" : ", local", address.map(
          each::text).orElse(each
              .name())));
      data.add(WordAnswer.map("name", each.name(), "address", WordAnswer.hex(each.address()), "size", each.size(), "kind", kind, "global",
          each
              .global()));
    }
    return new WordAnswer(text.toString(), WordAnswer.map("symbols", data, "all", found.size()));
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    return words.size() == 1 ? both(List.of(ADD), symbols(run, begun)) : List.of();
  }
}
