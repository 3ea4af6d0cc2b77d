// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Component;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.RunControl;

/** Halts the machine that the command has launched. */
@Component(service = {Debugger.class, McpDebugger.class})
public final class McpDebugger implements Debugger {
  /** Stands in the request of the command's machine, and of no other. */
  static final String ASKED = "mcp";
  private final AtomicReference<SteeredRun> next = new AtomicReference<>();

  /** Who is to steer the runs of the machine that is launched next. */
  void next(SteeredRun run) {
    next.set(run);
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return request.has(ASKED);
  }

  @Override
  public Session begin(Launch launch, LaunchRequest request, RunControl control, Consumer<String> told) {
    SteeredRun run = next.getAndSet(null);
    if (run == null) {
      throw new IllegalStateException("nobody has said who steers this run");
    }
    run.begin(launch.machine(), control);
    return run;
  }
}
