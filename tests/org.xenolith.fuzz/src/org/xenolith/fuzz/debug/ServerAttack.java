// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.debug;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.fuzz.Attack;
import org.xenolith.inspect.PlainInspector;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.commands.PlainWords;
import org.xenolith.launch.api.RunControl;
import org.xenolith.mcp.PlainServer;

/**
 * Lines of a client of the Model Context Protocol, divided by a byte 0xFF. One that begins with a letter from A on is a request: which method or tool says the letter, and what follows are its arguments;
 * any other is a line as it is. An input that begins with 0xFE has no greeting before it. Each request of a letter has one answer, and the machine comes to what it comes to when nobody looks.
 */
public final class ServerAttack implements Attack {
  private static final int PIECE = 100;
  private static final int MOST_LINES = 100;
  /** Longer than the fuzzer has it: an answer that is lost is a hang, and no host is too slow. */
  private static final long PATIENCE_MILLISECONDS = 600_000;
  private static final int FIRST = 1000;
  private static final String GREETING = """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}
      {"jsonrpc":"2.0","method":"notifications/initialized"}
      """;
  private static final List<String> METHODS = List.of("ping", "tools/list", "initialize", "levitate");
  /** What an argument may not have to be one, whatever else it has. */
  private static final Pattern ELSE = Pattern.compile("(?s).*(id|jsonrpc|method|[\\\\\n]).*");
  /** Names with texts or numbers. */
  private static final Pattern OBJECT = Pattern.compile(
      "\\{(\"[a-z]{1,9}\":(\"[ -!#-\\[\\]-~]{0,99}\"|-?[1-9][0-9]{0,8}|0)(,(?=\")|(?=})))*}");
  /** Steers the machine on the thread that asks. */
  private final class Steered implements RunControl {
    /** Null until there is one: it halts the machine as its first thing. */
    private PlainServer server;
    private boolean runs;

    @Override
    public void halt() {
      if (runs) {
        program.machine().stop();
      } else if (server != null) {
        server.session().halted();
      }
    }

    @Override
    public void resume() {
      runs = true;
      program.run(PIECE);
      runs = false;
      if (program.hasEnded()) {
        server.ended("its end");
      }
      server.session().halted();
    }

    @Override
    public void step(int cpu) {
      throw new IllegalStateException("nobody is at a prompt");
    }

    @Override
    public <T> T look(Callable<T> look) {
      try {
        return look.call();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void quit() {}
  }

  private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
  private MachineInspector inspector;
  private final SmallProgram program = new SmallProgram();
  private Steered steered;
  private List<MonitorCommand> words;

  @Override
  public String word() {
    return "mcp";
  }

  @Override
  public String says() {
    return "lines of the Model Context Protocol, good and broken ones, to a machine that executes a small program";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.mcp.**", "org.xenolith.inspect.**", "io.modelcontextprotocol.**");
  }

  @Override
  public void fresh() {
    program.close();
    faults.clear();
  }

  private void make() {
    // What looks in is found among all bundles, which takes long.
    inspector = inspector == null ? PlainInspector.make() : inspector;
    steered = new Steered();
    // They keep that no names were found, which takes long.
    words = PlainWords.make(program.machine(), inspector, steered);
    // What a thread of the SDK's dies of costs the client its answers.
    Thread.setDefaultUncaughtExceptionHandler((thread, bug) -> faults.add(thread.getName() + ": " + bug));
  }

  @Override
  public List<String> execute(byte[] input) {
    try {
      if (program.begin(faults::add)) {
        make();
      }
      return attack(input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> attack(byte[] input) throws IOException, InterruptedException {
    steered.server = null;
    PlainServer server = new PlainServer(program.machine(), steered, words);
    steered.server = server;
    server.session().halted();
    List<Integer> asked = new ArrayList<>();
    String answers = server.answers(lines(input, server.tools(), asked), PATIENCE_MILLISECONDS);
    List<String> wrong = new ArrayList<>();
    for (int number : asked) {
      int count = answers.split("\"id\":" + number + "[,}]", -1).length - 1;
      if (count != 1) {
        wrong.add(count + " answers to request " + number + ": " + answers);
      }
    }
    answers.lines().filter(line -> !line.startsWith("{\"jsonrpc\":\"2.0\"")).forEach(line -> wrong.add("no message: " + line));
    words.stream().filter(each -> each.name().equals("delete")).forEach(each -> each.execute(program.machine(), List.of("all")));
    if (program.endsOtherwise()) {
      wrong.add("it was only looked at, and comes to another state");
    }
    wrong.addAll(faults);
    faults.clear();
    return wrong;
  }

  /** What an input is on the line. @param asked is given the numbers of requests that must be answered */
  private static byte[] lines(byte[] input, List<String> tools, List<Integer> asked) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    boolean greets = input.length == 0 || (input[0] & 0xFF) != 0xFE;
    if (greets) {
      lines.writeBytes(GREETING.getBytes(StandardCharsets.US_ASCII));
    }
    int at = greets ? 0 : 1;
    boolean raw = false;
    for (int number = FIRST; number < FIRST + MOST_LINES && at < input.length; number++) {
      int end = at;
      while (end < input.length && (input[end] & 0xFF) != 0xFF) {
        end++;
      }
      byte[] line = Arrays.copyOfRange(input, at, end);
      at = end + 1;
      int which = line.length == 0 ? -1 : line[0] - 'A';
      if (which >= 0 && which < METHODS.size() + tools.size()) {
        String said = new String(line, 1, line.length - 1, StandardCharsets.ISO_8859_1);
        // Whatever is sent as it is may give requests up, or have their numbers.
        if (!raw && well(said)) {
          asked.add(number);
        }
        String method = which < METHODS.size() ? METHODS.get(which) : "tools/call";
        String params = which < METHODS.size() ? said : "{\"name\":\"" + tools.get(which - METHODS.size()) + "\"" + (said.isBlank() ? ""
            : ",\"arguments\":" + said) + "}";
        lines.writeBytes(("{\"jsonrpc\":\"2.0\",\"id\":" + number + ",\"method\":\"" + method + "\"" + (params.isBlank() ? ""
            : ",\"params\":" + params) + "}").getBytes(StandardCharsets.ISO_8859_1));
      } else {
        raw = true;
        lines.writeBytes(line);
      }
      lines.write('\n');
    }
    return lines.toByteArray();
  }

  /** Whether arguments are what the protocol has there, an object or nothing: a message with others is none. */
  private static boolean well(String said) {
    return said.isBlank() || OBJECT.matcher(said).matches() && !ELSE.matcher(said).matches();
  }
}
