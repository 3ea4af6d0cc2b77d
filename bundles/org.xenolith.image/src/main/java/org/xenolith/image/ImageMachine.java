// SPDX-License-Identifier: EPL-2.0
package org.xenolith.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.ImagePlan;
import org.xenolith.boot.api.ImageSource;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.console.api.SerialPort;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.api.RunEnd;
import org.xenolith.launch.kit.PanicWatch;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.kit.MachineRun;

/** Makes an image in a machine: the reference board with one CPU, whose disks are the image and what goes there. */
final class ImageMachine implements ImageCache.Maker {
  /** Virtual time that a guest may take; Debian's takes 40 s. */
  private static final long LIMIT = 7_200_000_000_000L;
  /** Host nanoseconds that a call into a bundle may take. */
  private static final long HANG_LIMIT = 30_000_000_000L;
  private static final long LOOK_MILLISECONDS = 100;

  private final Launcher launcher;

  ImageMachine(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public void make(ImageSource source, ImagePlan plan, Path file, Path folder, Path log, ProgressListener progress) throws IOException {
    Path content = folder.resolve("content");
    GuestImage guest = plan.prepare(content, progress);
    RequestBuilder request = RequestBuilder.of(plan.board()).cpus(1).memory(plan.memory()).append(guest.commandLine())
        .kernel(Files.write(folder.resolve("kernel"), guest.kernel())).disks(List.of(file + ",write", content + ",readonly"));
    if (guest.initrd().isPresent()) {
      request.initrd(Files.write(folder.resolve("initrd"), guest.initrd().get()));
    }
    progress.progress("making the image in a machine; its console goes to " + log);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(log))) {
      ImageConsole console = new ImageConsole(out, step -> progress.progress(source.name() + ": " + step));
      String end = run(request.build(), console, progress);
      console.finish();
      if (!console.made() || !end.isEmpty()) {
        throw new BootException("the image '" + source.name() + "' was not made: " + (end.isEmpty() ? console.step() : end)
            + ". The guest's last lines, of those in " + log + ":\n  " + String.join("\n  ", console.last()));
      }
    }
  }

  /** Runs the machine to its end; empty if the guest powered it off. */
  private String run(LaunchRequest request, ImageConsole console, ProgressListener progress) {
    try (Launch launch = launcher.launch(request, progress, (kind, place, text) -> console.event(kind, place, text))) {
      Machine machine = launch.machine();
      PanicWatch panic = new PanicWatch(machine);
      machine.port(launch.console(), SerialPort.class).connect(b -> {
        console.accept(b);
        panic.accept(b);
      });
      StopReason reason = panic.run(new RunLimit(LIMIT, Long.MAX_VALUE), limit -> await(machine, limit), () -> false);
      RunEnd end = panic.end(reason);
      return end.outcome().equals("poweroff") ? "" : reason == null ? machine.hang().map(RunEnd::left).orElse("the run was ended") : end
          .text();
    }
  }

  /** Runs the machine; null if it was left in a call that doesn't come back. */
  private static StopReason await(Machine machine, RunLimit limit) {
    MachineRun run = MachineRun.begin(machine, limit);
    try {
      for (;;) {
        Optional<StopReason> end = run.await(LOOK_MILLISECONDS);
        if (end.isPresent()) {
          return end.get();
        }
        Hang hang = machine.hang().orElse(null);
        if (hang != null && hang.nanoseconds() > HANG_LIMIT) {
          return null;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      machine.stop();
      return StopReason.STOPPED;
    }
  }
}
