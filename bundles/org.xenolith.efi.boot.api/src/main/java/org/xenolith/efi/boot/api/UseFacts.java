// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of one use of a protocol (UEFI 2.10, 7.3.11).
 *
 * @param agent      handle of who opened it: an image, or a driver's binding
 * @param name       the agent's name for people
 * @param controller handle of the controller for which it is open; 0: none
 * @param attributes of OpenProtocol (UEFI 2.10, 7.3.9)
 * @param count      how often it is open so
 */
public record UseFacts(long agent, String name, long controller, int attributes, int count) {
  private static final List<Word> WORDS = List.of(new Word(HandleDatabase.BY_DRIVER, "by driver"), new Word(
      HandleDatabase.BY_CHILD_CONTROLLER, "by child"), new Word(32, "exclusive"), new Word(HandleDatabase.GET_PROTOCOL, "get"), new Word(
          HandleDatabase.TEST_PROTOCOL, "test"), new Word(1, "by handle"));

  private record Word(int bit, String text) {}

  /** Whether it has one of these attributes. */
  public boolean has(int attribute) {
    return (attributes & attribute) != 0;
  }

  /** The attributes in the specification's words, such as {@code by driver, exclusive}; bits that it has no word for are a number. */
  public String attributeText() {
    int known = WORDS.stream().mapToInt(Word::bit).sum();
    Stream<String> other = (attributes & ~known) == 0 ? Stream.empty() : Stream.of("0x" + Integer.toHexString(attributes & ~known));
    return Stream.concat(WORDS.stream().filter(word -> has(word.bit)).map(Word::text), other).collect(Collectors.joining(", "));
  }
}
