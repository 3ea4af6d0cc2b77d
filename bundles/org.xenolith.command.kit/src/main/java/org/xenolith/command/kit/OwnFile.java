// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Files whose content is executed: only who executes it may be able to write it, and the system's administrator. */
public final class OwnFile {
  private static final int GROUP_WRITES = 020;
  private static final int OTHERS_WRITE = 002;
  private static final Integer ROOT = 0;

  private OwnFile() {}

  /**
   * Refuses a file or a folder that others may write. A group whose number is its owner's is the owner's own, as most systems make one for each user; where files have no
   * such owners, nothing is refused.
   *
   * @throws IOException if that is so; the message says who may and what helps, for a reader who knows the file
   */
  public static void require(Path path) throws IOException {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return;
    }
    require(path, Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  static void require(Path path, Object user) throws IOException {
    Map<String, Object> is = Files.readAttributes(path, "unix:uid,gid,mode");
    if (!user.equals(is.get("uid")) && !ROOT.equals(is.get("uid"))) {
      throw new IOException("refused: it is of user " + is.get("uid") + ", who may write it, and this runs as user " + user
          + ". Copy it, so that it is yours");
    }
    int mode = (int) is.get("mode");
    if ((mode & OTHERS_WRITE) != 0 || (mode & GROUP_WRITES) != 0 && !is.get("uid").equals(is.get("gid"))) {
      throw new IOException("refused: others may write it, and what is in it is executed. Take that from them: chmod go-w " + path);
    }
  }
}
