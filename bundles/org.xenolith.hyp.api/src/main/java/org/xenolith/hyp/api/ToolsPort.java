// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;
import org.xenolith.machine.control.Machine;
import org.xenolith.xen.abi.XenErrno;

/**
 * Port of the tools. A command from outside is an input of the machine, journalled and served at a safe point, so that a
 * replayed run does the same.
 */
public final class ToolsPort extends RolePort<DomainTools> implements DomainTools {
  /** Kind of these inputs. */
  public static final String INPUT = "tool";

  private final AtomicLong last = new AtomicLong();
  private final Map<Long, CompletableFuture<String>> asked = new ConcurrentHashMap<>();

  /** Takes commands from a machine's inputs; once, before it runs. */
  public void serve(Machine machine) {
    machine.inputHandler(INPUT, (place, bytes) -> input(bytes));
  }

  /**
   * Has a command executed by a running machine. Any thread but the machine's own.
   *
   * @param line    the command, as after {@code xl}
   * @param seconds how long to wait for the answer, in host time
   * @return what a person reads
   * @throws HypervisorException if it can't be done, or the machine doesn't answer
   */
  public String ask(Machine machine, String line, int seconds) {
    long id = last.incrementAndGet();
    CompletableFuture<String> answer = new CompletableFuture<>();
    asked.put(id, answer);
    try {
      machine.input(INPUT, HypervisorNode.PATH, (id + " " + line).getBytes(StandardCharsets.UTF_8));
      return answer.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof HypervisorException refused ? refused
          : new HypervisorException(-XenErrno.XEN_EIO, String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      throw new HypervisorException(-XenErrno.XEN_EAGAIN, "the machine didn't answer within " + seconds + " s: is it running?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HypervisorException(-XenErrno.XEN_EAGAIN, "interrupted");
    } finally {
      asked.remove(id);
    }
  }

  private int input(byte[] bytes) {
    String[] text = new String(bytes, StandardCharsets.UTF_8).split(" ", 2);
    CompletableFuture<String> answer = asked.get(Long.parseLong(text[0]));
    try {
      String result = execute(List.of(text[1].strip().split("\\s+")));
      if (answer != null) {
        answer.complete(result);
      }
    } catch (HypervisorException e) {
      if (answer != null) {
        answer.completeExceptionally(e);
      }
    }
    return bytes.length;
  }

  @Override
  public String execute(List<String> words) {
    DomainTools tools = provider();
    DeviceContext itsOwner = owner();
    if (tools == null) {
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "no tools are installed: add a bundle with the subsystem tools");
    }
    try {
      return tools.execute(words);
    } catch (HypervisorException e) {
      throw e;
    } catch (Throwable bug) {
      threw(tools, itsOwner, bug);
      throw new HypervisorException(-XenErrno.XEN_EIO, "the tools failed: " + bug);
    }
  }
}
