// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;

class ShellWordsTest {
  private static List<String> again(String text) {
    return ShellWords.split(text).stream().map(ShellWords::quoted).toList();
  }

  @Test
  void quotesBackslashesAndEndsOfLinesAreAShells() {
    assertEquals(List.of("a", "b c", "d'e", "f\"g", "hi"), ShellWords.split("a 'b c' d\\'e \"f\\\"g\" h\\\ni"));
    assertEquals(List.of("a", "b"), ShellWords.split("# what it does\n\na \\  \n b # more\n c"));
    assertEquals(List.of("a", "", "b"), ShellWords.split("a '' b && c"));
    assertEquals(List.of("root=/dev/vda rw"), ShellWords.split("root=\"/dev/vda rw\""));
  }

  @Test
  void whatTheShellPutsInStays() {
    assertEquals(List.of("\"$DISK\"", "\"file=${DIR}/a b\"", "\"$(mk disk)\"", "'$5.00 a'", "'$'"), again(
        "$DISK file=\"${DIR}/a b\" $(mk disk) '$5.00 a' $"));
  }

  @Test
  void aWordIsWrittenAsItIsRead() {
    for (String word : List.of("plain", "two words", "it's", "a\"b", "a\\b", "$HOME", "", "*", "a;b", "root=/dev/vda")) {
      assertEquals(List.of(word), ShellWords.split(ShellWords.quoted(word)), word);
    }
  }

  @Test
  void aQuoteThatIsNotEndedIsNamed() {
    BadInput refused = assertThrows(BadInput.class, () -> ShellWords.split("a 'b"));
    assertTrue(refused.getMessage().contains("' isn't ended, at letter 3"), refused.getMessage());
    assertThrows(BadInput.class, () -> ShellWords.split("a \"b"));
  }
}
