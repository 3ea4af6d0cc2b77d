// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.symbols.LoadedCode;

/**
 * The modules that a Linux kernel has loaded, with the names that it keeps of them: it has a list of them in its data, whose head is found by its name or, where a kernel names its functions only, by
 * its shape: two pointers to structures that point back, and to themselves where a module does.
 */
final class KernelModules {
  private static final int PAGE = InspectedMemory.PAGE;
  private static final int MOST_MODULES = 2048;
  private static final int LONGEST_NAME = 56;

  private final ModuleLayout layout;
  /** Where its data may be: the image. */
  private final long first;
  private final long last;
  /** Of the list; 0 as long as it isn't known. */
  private long head;
  /** Where a processor was when it was looked for in vain. */
  private long vain;
  private final Map<ModuleTable.Key, LoadedCode> known = new HashMap<>();
  private List<LoadedCode> images = List.of();

  /**
   * @param head  address of the list's head; 0 if it isn't known
   * @param first of the image in which it is looked for then
   */
  KernelModules(ModuleLayout layout, long head, long first, long last) {
    this.layout = layout;
    this.head = head;
    this.first = first;
    this.last = last;
  }

  /**
   * The modules now, the one that was loaded last first.
   *
   * @param memory as the kernel has it; where it isn't mapped, what was there last is meant
   * @param where  the processor is: a head that wasn't found isn't looked for again there
   */
  List<LoadedCode> now(InspectedMemory memory, long where) {
    if (head == 0 && vain != where) {
      head = look(memory);
      vain = where;
    }
    if (head != 0 && memory.read(head, Long.BYTES).isPresent()) {
      images = listed(memory);
    }
    return images;
  }

  private List<LoadedCode> listed(InspectedMemory memory) {
    Map<ModuleTable.Key, LoadedCode> kept = new HashMap<>();
    List<LoadedCode> now = new ArrayList<>();
    long node = GuestWords.word(memory, head);
    for (int i = 0; i < MOST_MODULES && node != head && isModule(memory, node); i++) {
      ModuleTable.Key key = ModuleTable.key(memory, layout, node - layout.list());
      LoadedCode image = known.get(key);
      if (image == null) {
        image = ModuleTable.read(memory, layout, key, name(memory, node));
      }
      if (kept.put(key, image) != null) {
        break; // the list leads to itself
      }
      now.add(image);
      node = GuestWords.word(memory, node);
    }
    known.clear();
    known.putAll(kept);
    return List.copyOf(now);
  }

  private String name(InspectedMemory memory, long node) {
    return GuestWords.text(GuestWords.upTo(memory, node - layout.list() + layout.name(), LONGEST_NAME), 0, LONGEST_NAME);
  }

  private boolean isModule(InspectedMemory memory, long node) {
    long module = node - layout.list();
    return node < 0 && (node & 7) == 0 && GuestWords.word(memory, module + layout.self()) == module && !name(memory, node).isEmpty();
  }

  /** The head in what may be written of the image; 0 if there is none, as before the first module. */
  private long look(InspectedMemory memory) {
    for (long page = first; page < last; page += PAGE) {
      Optional<Mapping> mapping = memory.translate(page);
      Optional<byte[]> bytes = mapping.isPresent() && mapping.get().write() ? memory.read(page, PAGE) : Optional.empty();
      if (bytes.isPresent()) {
        ByteBuffer words = GuestWords.buffer(bytes.get());
        for (int at = 0; at + 16 <= PAGE; at += 8) {
          if (isHead(memory, page + at, words.getLong(at), words.getLong(at + 8))) {
            return page + at;
          }
        }
      }
    }
    return 0;
  }

  private boolean isHead(InspectedMemory memory, long address, long next, long before) {
    return outside(next) && outside(before) && GuestWords.word(memory, next + 8) == address && GuestWords.word(memory, before) == address
        && isModule(memory, next) && isModule(memory, before);
  }

  /** Whether it may be a module's, which isn't in the kernel's image. */
  private boolean outside(long pointer) {
    return pointer < 0 && (pointer & 7) == 0 && (pointer < first || pointer >= last);
  }
}
