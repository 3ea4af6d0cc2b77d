// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;

/** What tools answer, without a client: whatever they do. */
class ToolServerTest {
  private static final MachineTool TOOL = new MachineTool("count", "counts", List.of(ToolParameter.text("what", "to count"), ToolParameter
      .number("times", "how often")), true, said -> switch (said.text("what").orElse("nothing")) {
        case "stars" -> throw new BadInput("there are too many stars");
        case "bugs" -> throw new IllegalStateException("lost count");
        default -> "%.0f of %s".formatted(said.number("times", 100).orElse(1), said.text("what").orElse("nothing"));
      });

  private static CallToolResult answer(Map<String, Object> said) {
    try (ToolServer server = new ToolServer(List.of(TOOL), "1", "", InputStream.nullInputStream(), new ByteArrayOutputStream(),
        new CallsUnderway(() -> ""))) {
      return server.answer(TOOL, said, null, null);
    }
  }

  private static String error(Map<String, Object> said) {
    CallToolResult answer = answer(said);
    assertTrue(answer.isError(), () -> text(answer));
    return text(answer);
  }

  private static String text(CallToolResult answer) {
    return ((TextContent) answer.content().getFirst()).text();
  }

  @Test
  void whatASaidParameterMeansIsTaken() {
    CallToolResult answer = answer(Map.of("what", "sheep", "times", 7));
    assertFalse(answer.isError());
    assertEquals("7 of sheep", text(answer));
    assertEquals("1 of nothing", text(answer(null)));
  }

  @Test
  void whatIsWrongIsAnErrorThatNamesToolAndRemedy() {
    assertEquals("count: there is no parameter 'waht'; there are what, times", error(Map.of("waht", "sheep")));
    assertEquals("count: parameter 'what' is a text, not 7", error(Map.of("what", 7)));
    assertEquals("count: parameter 'times' is a number from 0 to 100, not -1", error(Map.of("times", -1)));
    assertEquals("count: parameter 'times' is a number from 0 to 100, not many", error(Map.of("times", "many")));
    assertEquals("count: there are too many stars", error(Map.of("what", "stars")));
  }

  @Test
  void aToolThatThrowsCostsNobodyTheConnection() {
    assertTrue(error(Map.of("what", "bugs")).startsWith("count: java.lang.IllegalStateException: lost count at "));
  }

  /** The SDK loses an answer that is given while another one is. */
  @Test
  void whoeverAsksAllAtOnceGetsEachAnswerOnce() throws Exception {
    StringBuilder lines = new StringBuilder("""
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}
        {"jsonrpc":"2.0","method":"notifications/initialized"}
        """);
    int count = 600;
    for (int i = 1; i <= count; i++) {
      lines.append("{\"jsonrpc\":\"2.0\",\"id\":").append(i).append(",\"method\":").append(switch (i % 4) {
        case 0 -> "\"ping\"";
        case 1 -> "\"tools/list\"";
        default -> "\"tools/call\",\"params\":{\"name\":\"count\",\"arguments\":{\"times\":" + i % 100 + "}}";
      }).append("}\n");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CallsUnderway calls = new CallsUnderway(() -> "");
    AnswerLines answers = new AnswerLines(out, calls);
    PipedInputStream in = new PipedInputStream(1 << 16);
    ClientLines client = new ClientLines(new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.UTF_8)), new PipedOutputStream(
        in),
        answers, calls, 20_000);
    try (ToolServer server = new ToolServer(List.of(TOOL), "1", "", in, answers, calls)) {
      client.read();
    }
    String text = out.toString(StandardCharsets.UTF_8);
    List<Integer> missing = IntStream.rangeClosed(0, count).filter(i -> text.split("\"id\":" + i + ",", -1).length != 2).boxed().toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void aLongAnswerIsCutAtALineAndSaysWhatIsMissing() {
    String line = "x".repeat(99) + "\n";
    String cut = ToolServer.shortened(line.repeat(200));
    assertEquals(line.repeat(ToolServer.LONGEST / 100) + "\n(8000 letters more; ask for less)\n", cut);
    assertEquals(line, ToolServer.shortened(line));
  }
}
