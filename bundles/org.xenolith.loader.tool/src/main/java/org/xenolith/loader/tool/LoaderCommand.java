// SPDX-License-Identifier: EPL-2.0
package org.xenolith.loader.tool;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.kit.FileOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code loader}: the EFI program that goes on a disk in the place of Xen's. */
@Command(name = "loader", mixinStandardHelpOptions = true,
    description = {"Writes xenolith.efi, which GRUB's xen_hypervisor starts from a disk as it does Xen: it hands the machine over to the"
        + " hypervisor of 'boot --firmware aavmf --hypervisor'.", "docs/guides/dom0-from-disk.md shows how."})
final class LoaderCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Option(names = "--to", paramLabel = "FILE", required = true, description = "The program; on the disk it is best /boot/xenolith.efi.")
  private Path to;

  @Option(names = "--force", description = "Writes over a file that is there.")
  private boolean force;

  @Override
  public Integer call() {
    FileOption.requireFolderOf("to", to);
    if (Files.exists(to) && (!force || !Files.isRegularFile(to))) {
      throw BadInput.at("to", to, Files.isRegularFile(to) ? "there is a file already; --force writes over it" : "no plain file");
    }
    FileOption.use("to", to, file -> Files.write(file, LoaderProgram.bytes()));
    PrintWriter out = spec.commandLine().getOut();
    out.println(to);
    out.flush();
    return ExitCode.DONE;
  }
}
