// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.platform.api.BoardProvider.BoardRequest;

class BoardRequestTest {
  /** A board in Java from before there were choices. */
  private static final BoardProvider OLD = new BoardProvider() {
    @Override
    public String name() {
      return "old";
    }

    @Override
    public String summary() {
      return "";
    }

    @Override
    public Fdt tree(BoardRequest request) {
      throw new PlatformException("never asked");
    }
  };

  @Test
  void textsAndValuesByNameAreTheSameRequest() {
    BoardRequest request = BoardRequest.of(2, 1 << 20, List.of("gic=3", "its=off", "append=a=b", "its=on"));
    assertEquals(new BoardRequest(2, 1 << 20, Map.of("gic", "3", "its", "on", "append", "a=b")), request);
    assertEquals(List.of("gic", "its", "append"), List.copyOf(request.requests().keySet()), "in their order");
    for (String wrong : List.of("its", "=on")) {
      String said = assertThrows(PlatformException.class, () -> BoardRequest.of(1, 0, List.of(wrong))).getMessage();
      assertTrue(said.contains("'" + wrong + "'") && said.contains("NAME=VALUE"), said);
    }
  }

  @Test
  void aBoardThatDoesNotTellItsChoicesIsAskedForAnything() {
    assertTrue(OLD.takes("anything"));
    assertEquals(new BoardRequest(1, 512 << 20, Map.of()), OLD.standard());
    assertEquals(Map.of(), OLD.options());
    BoardProvider telling = new BoardProvider() {
      @Override
      public String name() {
        return "telling";
      }

      @Override
      public String summary() {
        return "";
      }

      @Override
      public Fdt tree(BoardRequest request) {
        return OLD.tree(request);
      }

      @Override
      public Map<String, List<String>> choices() {
        return Map.of("speed", List.of("1", "2"));
      }
    };
    assertTrue(telling.takes("speed"));
    assertFalse(telling.takes("anything"));
  }
}
