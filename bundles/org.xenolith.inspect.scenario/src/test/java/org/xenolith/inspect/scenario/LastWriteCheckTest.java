// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.origin.api.LastWrite;
import org.xenolith.origin.api.ValueOrigins;

class LastWriteCheckTest {
  private static final LastWrite WRITE = new LastWrite("memory", new Moment(77, 99), OptionalInt.of(0), "cpu0 at 0x40 vfs_read: str x0",
      List
          .of("DMA of /disk, 512 bytes"), "00", "01");
  private List<String> asked = List.of();

  private static <T> T answering(Class<T> type, Function<Object[], Object> answer) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer.apply(
        arguments)));
  }

  private Optional<String> complaint(boolean kept, Optional<LastWrite> found, Map<String, String> values) {
    MachineHistory history = answering(MachineHistory.class, arguments -> null);
    MachineHistories histories = answering(MachineHistories.class, arguments -> kept ? Optional.of(history) : Optional.empty());
    ValueOrigins origins = answering(ValueOrigins.class, arguments -> {
      asked = ((List<?>) arguments[1]).stream().map(String::valueOf).toList();
      if (asked.getFirst().equals("nothing")) {
        throw new BadInput("nothing is no symbol");
      }
      return found;
    });
    return new LastWriteCheck(histories, origins).complaint(null, values);
  }

  @Test
  void whoWroteIsMatchedInAllThatIsSaid() {
    assertEquals(Optional.empty(), complaint(true, Optional.of(WRITE), Map.of("of", "physical  0x40 4", "by", "vfs_read")));
    assertEquals(List.of("physical", "0x40", "4"), asked);
    assertEquals(Optional.empty(), complaint(true, Optional.of(WRITE), Map.of("of", "x", "by", "DMA of /disk")));
    assertEquals("x was written last by cpu0 at 0x40 vfs_read: str x0; by DMA of /disk, 512 bytes, at 77@99ns, expected 'vfs_write'",
        complaint(
            true, Optional.of(WRITE), Map.of("of", "x", "by", "vfs_write")).orElseThrow());
  }

  @Test
  void nobodyIsSomebodyToExpect() {
    assertEquals(Optional.empty(), complaint(true, Optional.empty(), Map.of("of", "x", "by", "nobody")));
    assertTrue(complaint(true, Optional.empty(), Map.of("of", "x", "by", ".*")).orElseThrow().contains("by nobody"));
    assertTrue(complaint(true, Optional.of(WRITE), Map.of("of", "x", "by", "nobody")).isPresent());
  }

  @Test
  void whatMakesNoSenseIsRefusedWithARemedy() {
    for (Map<String, String> values : List.of(Map.of("by", "x"), Map.of("of", "x"), Map.of("of", "x", "by", "("), Map.of("of", "nothing",
        "by",
        "x"))) {
      assertThrows(IllegalArgumentException.class, () -> complaint(true, Optional.of(WRITE), values), values::toString);
    }
    assertTrue(assertThrows(IllegalArgumentException.class, () -> complaint(false, Optional.empty(), Map.of("of", "x", "by", "y")))
        .getMessage().contains("history: 512"));
  }
}
