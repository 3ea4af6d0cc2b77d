// SPDX-License-Identifier: EPL-2.0
package org.xenolith.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.ImagePlan;
import org.xenolith.boot.api.ImageSource;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.api.RunEnd;
import org.xenolith.launch.api.RunEnd.Sight;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.MachineLife;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.launch.kit.StuckModel;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** Makes an image in a machine: the reference board with one CPU, whose disks are the image and what goes there. */
final class ImageMachine implements ImageCache.Maker {
  /** Virtual time that a guest may take; Debian's takes 40 s. */
  private static final long LIMIT = 7_200_000_000_000L;

  private final Launcher launcher;
  private final HangLimit hangLimit;

  ImageMachine(Launcher launcher) {
    this(launcher, HangLimit.USUAL);
  }

  /** @param hangLimit when a model that doesn't come back ends it */
  ImageMachine(Launcher launcher, HangLimit hangLimit) {
    this.launcher = launcher;
    this.hangLimit = hangLimit;
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
    try (MachineLife life = new MachineLife(launcher, hangLimit, progress, (kind, place, text) -> console.event(kind, place, text))) {
      life.launch(request);
      RunDriver driver = life.driver(true, hangLimit, progress::progress);
      driver.board(console::accept);
      StopReason reason = driver.run(new RunLimit(LIMIT, Long.MAX_VALUE), () -> false);
      RunEnd end = driver.end(Sight.UNASKED);
      return end.outcome().equals("poweroff") ? "" : reason == null ? RunEnd.left(driver.left()) : end.text();
    } catch (StuckModel e) {
      return e.getMessage();
    }
  }
}
