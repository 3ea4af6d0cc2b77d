// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.xenolith.command.api.BadInput;
import org.xenolith.machine.api.ModelException;

/** Serves tools to one client by the Model Context Protocol: a message is a line of JSON. What can't be done, or isn't understood, is an answer with an error in words. */
final class ToolServer implements AutoCloseable {
  /** Letters of an answer: more is nobody's to read. */
  static final int LONGEST = 12_000;
  private final McpSyncServer server;
  private static final String PROGRESS_TOKEN = "progressToken";
  private final CallsUnderway calls;

  /**
   * Begins to serve.
   *
   * @param version      the product's
   * @param instructions for the client, how the tools go together
   * @param in           requests
   * @param out          answers, and nothing else
   * @param calls        executes tools, one at a time, whatever a client does
   */
  ToolServer(List<MachineTool> tools, String version, String instructions, InputStream in, OutputStream out, CallsUnderway calls) {
    this.calls = calls;
    ProtocolJson json = new ProtocolJson();
    server = McpServer.sync(new SessionLines(json, in, out)).jsonMapper(json).jsonSchemaValidator((schema,
        value) -> ValidationResponse.asValid("")).validateToolInputs(false).serverInfo("xenolith", version).instructions(instructions)
        .capabilities(ServerCapabilities.builder().tools(false).build()).tools(tools.stream().map(this::specification).toList()).build();
  }

  private SyncToolSpecification specification(MachineTool tool) {
    ToolAnnotations annotations = ToolAnnotations.builder().readOnlyHint(tool.onlyLooks()).openWorldHint(false).build();
    Tool described = Tool.builder(tool.name(), ToolParameter.schema(tool.takes())).description(tool.meaning()).annotations(annotations)
        .build();
    return SyncToolSpecification.builder().tool(described).callHandler((exchange, request) -> {
      Map<String, Object> meta = request.meta() == null ? Map.of() : request.meta();
      Object token = meta.get(PROGRESS_TOKEN);
      return answer(tool, request.arguments(), meta.get(ClientLines.ID), token == null ? null : (seconds, text) -> exchange
          .progressNotification(ProgressNotification.builder(token, seconds).message(text).build()));
    }).build();
  }

  /** What a tool answers, an error among others. @param id, progress as of {@link CallsUnderway#execute} */
  CallToolResult answer(MachineTool tool, Map<String, Object> said, Object id, BiConsumer<Double, String> progress) {
    try {
      return result(calls.execute(id, progress, () -> tool.does().apply(new ToolArguments(tool.takes(), said))), false);
    } catch (BadInput | ModelException | IllegalArgumentException e) {
      return result(named(tool, e.getMessage()), true);
    } catch (Throwable bug) {
      // A bundle's word: what it throws must cost nobody the connection.
      return result(named(tool, bug + (bug.getStackTrace().length == 0 ? "" : " at " + bug.getStackTrace()[0])), true);
    }
  }

  private static String named(MachineTool tool, String text) {
    return text.startsWith(tool.name() + ":") ? text : tool.name() + ": " + text;
  }

  private static CallToolResult result(String text, boolean error) {
    return CallToolResult.builder().addTextContent(shortened(text)).isError(error).build();
  }

  /** As much as somebody reads, in whole lines. */
  static String shortened(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = text.lastIndexOf('\n', LONGEST);
    int kept = end < LONGEST / 2 ? LONGEST : end + 1;
    return text.substring(0, kept) + "\n(" + (text.length() - kept) + " letters more; ask for less)\n";
  }

  @Override
  public void close() {
    server.close();
  }
}
