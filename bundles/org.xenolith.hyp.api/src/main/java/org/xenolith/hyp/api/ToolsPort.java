// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import java.util.concurrent.TimeoutException;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.control.AskedPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.xen.abi.XenErrno;

/**
 * Port of the tools. A command from outside is an input of the machine, journalled and served at a safe point, so that a
 * replayed run does the same.
 */
public final class ToolsPort extends AskedPort<DomainTools> implements DomainTools {
  /** Kind of these inputs. */
  public static final String INPUT = "tool";

  /** A port without a provider. */
  public ToolsPort() {
    super(INPUT, HypervisorNode.PATH);
  }

  /** Takes commands from a machine's inputs; once, before it runs. */
  public void serve(Machine machine) {
    serve(machine, line -> execute(List.of(line.strip().split("\\s+"))));
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
    try {
      return await(machine, line, seconds);
    } catch (TimeoutException e) {
      throw new HypervisorException(-XenErrno.XEN_EAGAIN, "the machine didn't answer within " + seconds + " s: is it running?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HypervisorException(-XenErrno.XEN_EAGAIN, "interrupted");
    }
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
