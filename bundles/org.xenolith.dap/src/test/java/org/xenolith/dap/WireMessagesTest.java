// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.lsp4j.debug.StepBackArguments;
import org.eclipse.lsp4j.jsonrpc.debug.messages.DebugRequestMessage;
import org.junit.jupiter.api.Test;
import org.xenolith.dap.WireMessages.BadMessage;

class WireMessagesTest {
  private final WireMessages messages = new WireMessages();

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void aRequestHasItsArgumentsByTheirType() throws BadMessage {
    DebugRequestMessage request = messages.request(
        "{\"seq\":7,\"type\":\"request\",\"command\":\"stepBack\",\"arguments\":{\"threadId\":3}}").orElseThrow();
    assertEquals("stepBack", request.getMethod());
    assertEquals(3, ((StepBackArguments) request.getParams()).getThreadId());
    String response = text(messages.response(request, null));
    assertTrue(response.contains("\"request_seq\":7") && response.contains("\"success\":true"), response);
    String refusal = text(messages.refusal(request, "no"));
    assertTrue(refusal.contains("\"success\":false") && refusal.contains("\"message\":\"no\"") && refusal.contains("\"seq\":2"), refusal);
  }

  @Test
  void whatNobodyAskedForIsNoRequestAndWhatIsNoMessageSaysSo() throws BadMessage {
    assertTrue(messages.request("{\"seq\":1,\"type\":\"event\",\"event\":\"stopped\",\"body\":{\"reason\":\"step\"}}").isEmpty());
    for (String bad : List.of("{", "[]", "7", "{\"type\":7}", "{\"seq\":\"x\",\"type\":\"request\"}")) {
      assertThrows(BadMessage.class, () -> messages.request(bad), bad);
    }
  }

  @Test
  void aLengthIsThatOfTheBytes() {
    String output = text(messages.says("\u00fcber"));
    String body = output.substring(output.indexOf("\r\n\r\n") + 4);
    assertEquals("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length, output.substring(0, output.indexOf('\r')));
  }
}
