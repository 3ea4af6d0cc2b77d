// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.traces.api.TraceEvent;
import org.xenolith.traces.api.TraceKind;

class TraceSettingsTest {
  private static final TraceKind KIND = TraceKind.of("blink", "a lamp blinks");

  private static TraceEvent event(long time, int cpu, int domain, String device) {
    return new TraceEvent(KIND, time, cpu, domain, device, List.of());
  }

  @Test
  void withoutWordsEverythingGoesIntoAFileOfAUsualName() {
    TraceSettings settings = TraceSettings.of("");
    assertEquals(Path.of("trace.json"), settings.file());
    assertEquals(Optional.empty(), settings.format());
    assertEquals(256L << 20, settings.limit());
    assertTrue(settings.filter().wantsKind("any") && settings.filter().wants(event(0, -1, -1, "")));
  }

  @Test
  void keysSayWhatIsWanted() {
    TraceSettings settings = TraceSettings.of("x/y,kinds=dma+line,cpu=0+1,domain=2,device=pl011,from=1.5ms,to=1s,format=ctf1,limit=64K");
    assertEquals(Path.of("x/y"), settings.file());
    assertEquals(Optional.of("ctf1"), settings.format());
    assertEquals(64 << 10, settings.limit());
    TraceFilter filter = settings.filter();
    assertEquals(new TraceFilter(Set.of("dma", "line"), Set.of(0, 1), Set.of(2), Set.of("pl011"), 1_500_000, 1_000_000_000), filter);
    assertTrue(filter.wantsKind("dma"));
    assertFalse(filter.wantsKind("exception"));
    assertTrue(filter.wants(event(1_500_000, 1, 2, "/pl011@9000000")));
    assertFalse(filter.wants(event(1_499_999, 1, 2, "/pl011@9000000")) || filter.wants(event(1_000_000_000, 1, 2, "/pl011@9000000")));
    assertFalse(filter.wants(event(2_000_000, -1, 2, "/pl011@9000000")) || filter.wants(event(2_000_000, 1, -1, "/pl011@9000000")));
    assertFalse(filter.wants(event(2_000_000, 1, 2, "/pl031@9010000")) || filter.wants(event(2_000_000, 2, 2, "/pl011@9000000")));
  }

  @Test
  void aKeyMayComeFirst() {
    assertEquals(Path.of("trace.json"), TraceSettings.of("kinds=dma").file());
  }

  @Test
  void whatCantBeMeantIsRefusedByTheOptionsName() {
    for (String text : new String[] {"x,y", "x,", "x,kinds=", "x,kinds=a++b", "x,cpu=-1", "x,domain=one", "x,from=1", "x,to=1h",
        "x,from=2s,to=2s",
        "x,limit=much", "x,colour=red", "x\0y"}) {
      String message = assertThrows(BadInput.class, () -> TraceSettings.of(text), text).getMessage();
      assertTrue(message.contains("trace") && message.contains(text.substring(0, 1)), message);
    }
  }
}
