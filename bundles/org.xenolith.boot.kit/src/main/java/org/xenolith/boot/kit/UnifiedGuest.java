// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.util.Optional;
import java.util.function.BiConsumer;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestImage;

/**
 * A guest that no firmware starts, with the parts of a unified kernel image in its place if its kernel is one.
 *
 * @param image the guest
 * @param words what is added to its command line
 */
public record UnifiedGuest(GuestImage image, String words) {
  /**
   * Takes the parts.
   *
   * @param image  the guest as it was found
   * @param words  what is added to its command line; may begin with the choice of a profile, {@code @1}
   * @param file   the kernel's file as it was named; empty if none was
   * @param board  the board as it was named
   * @param events hears a kind of event, and what people are to be told of the image, behind its name
   * @throws BootException if it is a unified kernel image that can't be used; the message doesn't name it
   */
  public static UnifiedGuest of(GuestImage image, String words, Optional<String> file, String board, BiConsumer<String, String> events) {
    Optional<UnifiedKernel> unified = UnifiedKernel.of(image.kernel(), words);
    unified.ifPresent(parts -> {
      events.accept("unified-kernel", "is " + parts.account());
      parts.unusedTrees(file.orElse(image.name()), board).ifPresent(text -> events.accept("device-tree-unused", text));
    });
    return unified.map(parts -> new UnifiedGuest(parts.in(image), parts.words())).orElseGet(() -> new UnifiedGuest(image, words));
  }
}
