// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.symbols.LoadedCode;
import org.xenolith.inspect.symbols.GuestKernel;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;

/** A kernel whose table of symbols was found in memory, and by what it is known again. */
final class FoundKernel {
  private static final byte[] BANNER = "Linux version ".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_LINE = 512;
  /** What a kernel says of itself for crash dumps is a page. Source: Documentation/admin-guide/kdump/vmcoreinfo.rst. */
  private static final Pattern MOVED = Pattern.compile("(?m)^KERNELOFFSET=([0-9a-f]{1,16})$");

  private final SortedSymbols symbols;
  private final long mark;
  private final byte[] bytes;
  private final long base;
  private final long below;
  private OptionalLong moved = OptionalLong.empty();
  private final String version;
  private final Optional<KernelModules> modules;

  private FoundKernel(Kallsyms.Found found, KernelImage image, InspectedMemory memory) {
    int banner = banner(image.bytes(), 0);
    version = banner < 0 ? "" : line(image.bytes(), banner);
    mark = image.first() + found.start();
    bytes = Arrays.copyOfRange(image.bytes(), found.start(), found.start() + found.length());
    symbols = found.symbols().moved(displacement(found, image));
    base = start(symbols);
    below = memory.translate(base).map(Mapping::address).orElse(base);
    modules = early() ? Optional.empty() : Btf.find(image.bytes()).flatMap(ModuleLayout::of).map(layout -> new KernelModules(layout, data(
        "modules")
        .map(Symbol::address).orElse(0L), image.first(), image.first() + image.bytes().length));
  }

  /** How far the image is from where its symbols say that it is, which is where it will run: it hasn't moved there yet. */
  private static long displacement(Kallsyms.Found found, KernelImage image) {
    if (found.linked() >= 0) {
      return image.first() + found.linked() - found.symbols().all().stream().filter(each -> each.kind() != SymbolKind.ABSOLUTE).findFirst()
          .orElseThrow().address();
    }
    List<Symbol> symbol = found.symbols().named("linux_banner");
    long offset = symbol.isEmpty() ? -1 : symbol.getFirst().address() - image.first();
    if (symbol.isEmpty() || offset >= 0 && offset < image.bytes().length && isBanner(image.bytes(), (int) offset)) {
      return 0;
    }
    int at = banner(image.bytes(), 0);
    while (at >= 0 && (at - offset & InspectedMemory.PAGE - 1) != 0) {
      at = banner(image.bytes(), at + 1);
    }
    return at < 0 ? 0 : at - offset;
  }

  /** Where the line is that a kernel begins its log with, from an offset on; -1 if there is none. Before it there may be the form that it is made of, with a {@code %s} in it. */
  private static int banner(byte[] image, int from) {
    for (int at = from; at + LONGEST_LINE < image.length; at++) {
      if (isBanner(image, at) && !line(image, at).contains("%")) {
        return at;
      }
    }
    return -1;
  }

  private static boolean isBanner(byte[] image, int at) {
    return at + LONGEST_LINE < image.length && image[at] == BANNER[0] && Arrays.equals(image, at, at + BANNER.length, BANNER, 0,
        BANNER.length);
  }

  private static String line(byte[] image, int at) {
    return new String(image, at, LONGEST_LINE, StandardCharsets.US_ASCII).split("[\n\0]", 2)[0];
  }

  /** Looks around an address. */
  static Optional<FoundKernel> around(InspectedMemory memory, long address) {
    return in(KernelImage.around(memory, address), memory);
  }

  /** Looks in what is mapped around an address. */
  static Optional<FoundKernel> in(KernelImage image, InspectedMemory memory) {
    return Kallsyms.find(image.bytes()).map(found -> new FoundKernel(found, image, memory));
  }

  /** Where the image begins: at the symbol that linkers' scripts have for it, or at the first code. */
  private static long start(SortedSymbols symbols) {
    List<Symbol> text = symbols.named("_text");
    return text.isEmpty() ? symbols.all().stream().filter(each -> each.kind() == SymbolKind.CODE).findFirst().orElseThrow().address()
        : text.getFirst().address();
  }

  /** Whether it is still there, as far as the memory can tell: a program may have tables without its kernel. */
  boolean stays(InspectedMemory memory) {
    Optional<byte[]> now = memory.read(mark, bytes.length);
    return now.isEmpty() || Arrays.equals(now.get(), bytes);
  }

  /** Whether it was found where it isn't for good: at addresses that kernels have no symbols for. */
  boolean early() {
    return mark >= 0;
  }

  SortedSymbols symbols() {
    return symbols;
  }

  /** Its modules; none before it runs where it is for good, or if it doesn't say where it has them. @param where the processor is */
  List<LoadedCode> modules(InspectedMemory memory, long where) {
    return modules.map(each -> each.now(memory, where)).orElse(List.of());
  }

  /** Where an address is that is the same in the memory below: that of the image before its kernel has turned translation on. */
  long above(long address) {
    return address - below + base;
  }

  /** The kernel with what it says of itself by now. */
  GuestKernel kernel(InspectedMemory memory) {
    if (moved.isEmpty()) {
      moved = moved(memory);
    }
    return new GuestKernel(symbols, base, below, moved, version);
  }

  private OptionalLong moved(InspectedMemory memory) {
    Optional<byte[]> pointer = data("vmcoreinfo_data").flatMap(symbol -> memory.read(symbol.address(), Long.BYTES));
    if (pointer.isEmpty()) {
      return OptionalLong.empty();
    }
    long note = ByteBuffer.wrap(pointer.get()).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Matcher line = MOVED.matcher(note == 0 ? "" : text(memory, note, InspectedMemory.PAGE));
    return line.find() ? OptionalLong.of(Long.parseUnsignedLong(line.group(1), 16)) : OptionalLong.empty();
  }

  private Optional<Symbol> data(String name) {
    return symbols.named(name).stream().filter(each -> each.kind() == SymbolKind.DATA).findFirst();
  }

  /** Characters up to a zero byte, in the page of an address only. */
  private static String text(InspectedMemory memory, long address, int most) {
    int length = (int) Math.min(most, InspectedMemory.PAGE - (address & InspectedMemory.PAGE - 1));
    byte[] bytes = memory.read(address, length).orElse(new byte[0]);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.US_ASCII);
  }
}
