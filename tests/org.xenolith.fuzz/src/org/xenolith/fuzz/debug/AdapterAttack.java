// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.debug;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xenolith.dap.PlainAdapter;
import org.xenolith.debug.kit.DebuggerProtocol.Conversation;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.machine.control.Machine;

/**
 * Messages of an editor. One that begins with a letter from A on is a request: which one of a list says the letter, and what follows are its arguments; any other is JSON as it is. A request has one
 * response, or is said to be no message.
 */
public final class AdapterAttack extends ConversationAttack {
  private static final List<String> REQUESTS = List.of("initialize", "attach", "configurationDone", "threads", "stackTrace", "scopes",
      "variables", "evaluate", "setInstructionBreakpoints", "setFunctionBreakpoints", "setDataBreakpoints", "dataBreakpointInfo",
      "setExceptionBreakpoints", "readMemory", "writeMemory", "disassemble", "setVariable", "continue", "next", "stepIn", "stepOut",
      "stepBack", "reverseContinue", "pause", "disconnect", "terminate");

  @Override
  public String word() {
    return "dap";
  }

  @Override
  public String says() {
    return "messages of the Debug Adapter Protocol, good and broken ones, to a machine that executes a small program";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.dap.**", "org.xenolith.debug.**", "org.xenolith.inspect.**");
  }

  @Override
  Conversation conversation(Machine machine, MachineInspector inspector, ByteArrayOutputStream out) {
    return PlainAdapter.make(machine, inspector, this, out::writeBytes);
  }

  private static int request(byte[] message) {
    int at = message.length == 0 ? -1 : message[0] - 'A';
    return at < REQUESTS.size() ? at : -1;
  }

  @Override
  byte[] framed(byte[] message, int number) {
    int request = request(message);
    if (request < 0) {
      return frame(message);
    }
    byte[] begin = ("{\"seq\":" + number + ",\"type\":\"request\",\"command\":\"" + REQUESTS.get(request) + "\"" + (message.length == 1
        ? "" : ",\"arguments\":")).getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(begin);
    whole.write(message, 1, message.length - 1);
    whole.write('}');
    return frame(whole.toByteArray());
  }

  private static byte[] frame(byte[] body) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(("Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    whole.writeBytes(body);
    return whole.toByteArray();
  }

  /** What isn't a request of the list may be any, in whatever letters; and of arguments that end too soon the rest may be another request's name. */
  @Override
  boolean writes(byte[] message) {
    int request = request(message);
    return request < 0 || REQUESTS.get(request).matches("writeMemory|setVariable") || new String(message, StandardCharsets.ISO_8859_1)
        .contains("command");
  }

  @Override
  byte[] interrupt(int number) {
    return frame(("{\"seq\":" + number + ",\"type\":\"request\",\"command\":\"pause\",\"arguments\":{\"threadId\":1}}").getBytes(
        StandardCharsets.US_ASCII));
  }

  @Override
  List<String> judge(byte[] message, int number, String answers) {
    if (request(message) < 0 || new String(message, StandardCharsets.ISO_8859_1).matches("(?s).*(seq|type|\\\\).*")) {
      return List.of();
    }
    int responses = answers.split("\"request_seq\":" + number + "[,}]", -1).length - 1;
    return responses == 1 || responses == 0 && answers.contains("a message was left out") ? List.of() : List.of(responses
        + " responses to '" + REQUESTS.get(request(message)) + "', message " + number + ": " + answers);
  }
}
