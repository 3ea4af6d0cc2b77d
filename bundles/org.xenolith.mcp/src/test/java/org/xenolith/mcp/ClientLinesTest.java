// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClientLinesTest {
  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"tools/list\"}\n";
  private static final String SAYS = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n";
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final CallsUnderway calls = new CallsUnderway(() -> "");
  private final AnswerLines answers = new AnswerLines(sent, calls);
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

  private void read(String text) throws Exception {
    new ClientLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), taken, answers, calls,
        ClientLines.PATIENCE_MILLISECONDS).read();
  }

  @Test
  void aLineThatIsNoMessageIsAnsweredAndGoesNoFurther() throws Exception {
    read("hello\n{\"a\":1}\n[1]\n{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":{}}\n\n" + SAYS + "x".repeat(2_000_000) + "\n");
    assertEquals(SAYS, taken.toString(StandardCharsets.UTF_8));
    String[] refused = sent.toString(StandardCharsets.UTF_8).split("\n");
    assertEquals(5, refused.length, () -> sent.toString(StandardCharsets.UTF_8));
    assertTrue(refused[0].contains("-32700") && refused[1].contains("-32600") && refused[4].contains("1048576 bytes"), () -> sent.toString(
        StandardCharsets.UTF_8));
  }

  @Test
  void aMessageOfAnotherVersionIsRefusedAndGoesNoFurther() throws Exception {
    read("{\"jsonrpc\":\"2.1\",\"method\":\"\"}\n{\"jsonrpc\":\"1.0\",\"id\":4,\"method\":\"tools/list\"}\n" + SAYS);
    assertEquals(SAYS, taken.toString(StandardCharsets.UTF_8));
    String[] refused = sent.toString(StandardCharsets.UTF_8).split("\n");
    assertEquals(2, refused.length, () -> sent.toString(StandardCharsets.UTF_8));
    assertTrue(refused[0].contains("-32600") && refused[1].contains("-32600") && refused[1].contains("\"id\":4"), () -> sent.toString(
        StandardCharsets.UTF_8));
  }

  /** Messages of which bytes are lost, doubled, changed or put together otherwise. */
  private static byte[] spoilt(Random random) {
    String[] good = {LIST, SAYS,
        "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"tools/call\",\"params\":{\"name\":\"x\",\"_meta\":{\"progressToken\":1}}}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"a\":[1,2.5,null,true]}}\n", "[".repeat(3000) + "\n", "{\"id\":".repeat(3000) + "\n"};
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] one = good[random.nextInt(random.nextInt(20) == 0 ? good.length : 4)].getBytes(StandardCharsets.UTF_8);
    int changes = random.nextInt(4);
    for (int i = 0; i < one.length; i++) {
      int what = random.nextInt(one.length) < changes ? random.nextInt(4) : 4;
      switch (what) {
        case 0 -> bytes.write(random.nextInt(256));
        case 1 -> bytes.write(one, i, random.nextInt(one.length - i));
        case 2 -> i = random.nextInt(one.length);
        case 3 -> bytes.writeBytes("{}[]\":,".substring(random.nextInt(7)).getBytes(StandardCharsets.UTF_8));
        default -> bytes.write(one[i]);
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void whateverIsSentEachLineIsTakenOrAnsweredAndTheNextOneIsRead() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      for (int i = 0; i < 50; i++) {
        text.writeBytes(spoilt(random));
      }
      text.writeBytes(("\n" + SAYS).getBytes(StandardCharsets.UTF_8));
      long lines = new String(text.toByteArray(), StandardCharsets.ISO_8859_1).lines().count();
      for (int i = 0; i < lines; i++) {
        answers.write("{\"id\":6}\n".getBytes(StandardCharsets.UTF_8)); // so that nobody waits for those of what is asked
      }
      taken.reset();
      sent.reset();
      new ClientLines(new ByteArrayInputStream(text.toByteArray()), taken, answers, calls, ClientLines.PATIENCE_MILLISECONDS).read();
      long said = Stream.of(text.toString(StandardCharsets.UTF_8).split("\n")).filter(line -> !line.isBlank()).count();
      long all = Stream.of(taken, sent).mapToLong(each -> each.toString(StandardCharsets.UTF_8).chars().filter(c -> c == '\n').count())
          .sum();
      assertEquals(said, all, "seed " + seed + ", round " + round);
      assertTrue(taken.toString(StandardCharsets.UTF_8).endsWith(SAYS), "seed " + seed + ", round " + round);
    }
  }

  @Test
  void whatIsAskedBeforeTheClientIsInitializedIsRefusedAndNeverWaitedForButForAPing() throws Exception {
    read("""
        {"jsonrpc":"2.0","id":1,"method":"tools/list"}
        {"jsonrpc":"2.0","id":2,"method":"ping"}
        """);
    assertEquals("", taken.toString(StandardCharsets.UTF_8));
    String[] answered = sent.toString(StandardCharsets.UTF_8).split("\n");
    assertTrue(answered[0].contains("\"id\":1") && answered[0].contains("'tools/list' comes before 'notifications/initialized'"),
        answered[0]);
    assertEquals("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}", answered[1]);
  }

  @Test
  void aRequestIsTakenOnceTheOneBeforeItIsAnsweredAndAPingIsAnsweredMeanwhile() throws Exception {
    Thread reads = Thread.startVirtualThread(() -> {
      try {
        read(SAYS + LIST + LIST + "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}\n");
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
    while (!sent.toString(StandardCharsets.UTF_8).contains("\"id\":9,\"result\":{}")) {
      assertFalse(reads.join(Duration.ofMillis(10)));
    }
    assertFalse(reads.join(Duration.ofMillis(50)));
    assertEquals(SAYS + LIST, taken.toString(StandardCharsets.UTF_8));
    for (int i = 0; i < 2; i++) {
      answers.write("{\"id\":6}\n".getBytes(StandardCharsets.UTF_8));
    }
    reads.join();
    assertEquals(SAYS + LIST + LIST, taken.toString(StandardCharsets.UTF_8));
  }

  @Test
  void theLastLineNeedsNoEnd() throws Exception {
    read(SAYS + SAYS.strip());
    assertEquals(SAYS + SAYS, taken.toString(StandardCharsets.UTF_8));
  }

  @Test
  void whatWasAskedIsWaitedForWhenThereIsNoMore() throws Exception {
    Thread reads = Thread.startVirtualThread(() -> {
      try {
        read(SAYS + LIST);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
    assertFalse(reads.join(Duration.ofMillis(100)));
    answers.write("{\"id\":6}\n".getBytes(StandardCharsets.UTF_8));
    reads.join();
    assertEquals("{\"id\":6}\n", sent.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aCallIsTakenWithItsNumberAndIsNotAnsweredOnceItIsGivenUp() throws Exception {
    Thread reads = Thread.startVirtualThread(() -> {
      try {
        read(SAYS + """
            {"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"x","_meta":{"progressToken":1}}}
            {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x"}}
            {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}
            {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"7"}}
            {"jsonrpc":"2.0","method":"notifications/cancelled"}
            hello
            """);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
    while (!sent.toString(StandardCharsets.UTF_8).contains("-32700")) {
      assertFalse(reads.join(Duration.ofMillis(10)));
    }
    answers.write("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}\n".getBytes(StandardCharsets.UTF_8));
    answers.write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{}}\n".getBytes(StandardCharsets.UTF_8));
    assertFalse(reads.join(Duration.ofMillis(50)), "what is told meanwhile is no answer");
    answers.write("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":{}}\n".getBytes(StandardCharsets.UTF_8));
    reads.join();
    String[] lines = taken.toString(StandardCharsets.UTF_8).split("\n");
    assertEquals(3, lines.length, () -> taken.toString(StandardCharsets.UTF_8));
    assertTrue(lines[1].contains("\"progressToken\":1") && lines[1].contains("\"org.xenolith/id\":\"a\""), lines[1]);
    assertTrue(lines[2].contains("\"org.xenolith/id\":7"), lines[2]);
    assertFalse(sent.toString(StandardCharsets.UTF_8).contains("\"id\":7"), () -> sent.toString(StandardCharsets.UTF_8));
  }

  @Test
  void anAnswerIsWrittenWhenItsLineIsWhole() throws IOException {
    answers.write("{\"id\":".getBytes(StandardCharsets.UTF_8));
    answers.line("{}".getBytes(StandardCharsets.UTF_8));
    answers.write("7}\n".getBytes(StandardCharsets.UTF_8));
    assertEquals("{}\n{\"id\":7}\n", sent.toString(StandardCharsets.UTF_8));
  }
}
