// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.it.sdk.Guide.Block;
import org.xenolith.it.sdk.Guide.Kind;

/** A block that the reader of guides does not understand must not be passed over. */
class GuideTest {

  @Test
  void blocksAreFilesScriptsAndOutputs() {
    Guide guide = Guide.parse(List.of("text", "", "`a/B.java`", "", "```java", "class B { }", "```", "then", "```sh", "ls", "```",
        "```output", "a", "```"));
    assertEquals(List.of(new Block(Kind.FILE, 5, "a/B.java", "class B { }\n"), new Block(Kind.SCRIPT, 9, "", "ls\n"),
        new Block(Kind.OUTPUT, 12, "", "a\n")), guide.blocks());
  }

  @Test
  void namelessFileIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Guide.parse(List.of("see `B.java` here", "```java", "class B { }", "```")));
  }

  @Test
  void blockWithoutAnEndIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Guide.parse(List.of("```sh", "ls")));
  }
}
