// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Component;
import org.xenolith.ninep.kit.Message;
import org.xenolith.share.api.FolderAnswers;
import org.xenolith.share.api.FolderServer;
import org.xenolith.share.api.SharedFolders;

/** Folders of a Linux host. */
@Component
public final class HostFolders implements SharedFolders {
  @Override
  public FolderServer open(Path folder, boolean readOnly, FolderAnswers machine, Consumer<String> messages) throws IOException {
    String system = System.getProperty("os.name");
    if (!system.equals("Linux")) {
      throw new IOException("folders are shared on Linux hosts only, as this is done with calls of Linux; this host is " + system);
    }
    LinuxFiles host = new LinuxFiles(Message.MOST);
    try {
      String path = new String(folder.toAbsolutePath().toString().getBytes(charset()), StandardCharsets.ISO_8859_1);
      return new ServedFolder(folder.toString(), new Folder(host, path, readOnly), host, machine, messages);
    } catch (FileError e) {
      host.close();
      throw new IOException(reason(e.number()));
    }
  }

  /** The encoding of this process's file names. */
  private static Charset charset() {
    String name = System.getProperty("sun.jnu.encoding", "UTF-8");
    return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
  }

  private static String reason(int error) {
    return switch (error) {
      case FileError.NO_FILE -> "there is no such folder; make it, or correct the path";
      case FileError.NO_FOLDER -> "is no folder";
      case FileError.ACCESS, FileError.NOT_PERMITTED -> "you may not read it";
      default -> "it can't be opened (error " + error + " of Linux)";
    };
  }
}
