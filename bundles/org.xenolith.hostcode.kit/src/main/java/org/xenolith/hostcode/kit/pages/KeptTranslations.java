// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.xenolith.hostcode.kit.HostCode;
import org.xenolith.hostcode.kit.HostFeatures;

/**
 * What outlives an engine: one of a later run that executes the same first page has its code, page by page, where instructions are the
 * same. What can't be read or isn't for this engine is said, and translated anew.
 */
final class KeptTranslations {
  /** Code that is worth being kept: the whole is read when a guest begins. */
  private static final int MOST = Translations.SIZE / 2;
  /** What is new is written if it is more than this part of all. */
  private static final int PART = 16;

  private final TranslationFolder folder;
  private final CodeOwner cpu;
  private final ExitTable exits;
  private final int origin;
  private final int firstExit;
  /** What code depends on of the CPU. */
  private final String kind;
  private final String identity;
  /** Room for those of a page: a guest has thousands. */
  private final byte[] bytes = new byte[NativePage.BYTES];
  private @Nullable String name;
  private @Nullable StoredCode stored;
  /** Whether what a guest began with was written when there was enough of it. */
  private boolean enough;
  private boolean spoiled;

  /** @param origin where the first block begins; all ways out that there are by now are every engine's */
  KeptTranslations(TranslationFolder folder, CodeOwner cpu, HostFeatures features, ExitTable exits, int origin) {
    this.folder = folder;
    this.cpu = cpu;
    this.exits = exits;
    this.origin = origin;
    firstExit = exits.count();
    kind = cpu.kind();
    identity = folder.translator() + " on " + features + " for " + kind;
  }

  /** The first page is executed: its file is read, if there is one. Returns where code is free. */
  int begin(NativePage first, HostCode host) {
    name = name(first);
    try {
      stored = folder.read(name, identity, origin, cpu.shift(), host);
    } catch (TranslationFolder.Refused refused) {
      tell(refused);
    }
    if (stored == null) {
      return origin;
    }
    exits.restore(stored.exits(), stored.pages());
    return stored.end();
  }

  /** Of what the page holds, and of the CPU: those of a machine begin alike, and each has what it executes. */
  private String name(NativePage page) {
    long hash = 31L * kind.hashCode() + cpu.index();
    for (int i = 0; i < NativePage.WORDS; i++) {
      hash = (hash ^ (int) page.ram.read(page.offset + 4 * i, Integer.BYTES)) * 0x9E37_79B9_7F4A_7C15L;
      hash ^= hash >>> 29;
    }
    return Long.toHexString(hash);
  }

  /** Gives a page the code of one with the same instructions, if one has a block that begins at an instruction. Returns whether one has. */
  boolean adopt(NativePage page, int index) {
    // Code of a page that somebody had is linked to what that one had besides: not by these instructions alone.
    int found = stored == null ? StoredCode.NONE : stored.find(page, index, bytes, number -> exits.owner(number) == null);
    if (found == StoredCode.NONE) {
      return false;
    }
    try {
      stored.restore(found, page);
    } catch (IOException cut) {
      lost();
      return false;
    }
    exits.own(page, found);
    return true;
  }

  /**
   * Code is to grow: before there is more of it than is worth being kept, it is written as it is, which is what the guest's next start executes.
   *
   * @param more bytes that it grows by at most
   */
  void grows(HostCode host, int end, int more) {
    if (!enough && end > MOST - more) {
      enough = true;
      keep(host, end);
    }
  }

  /** What is translated from now on isn't what other runs need, as some of it is left to the interpreter: nothing is written any more. */
  void spoil() {
    spoiled = true;
  }

  /** No code is there any more, and what comes now isn't what a guest begins with. */
  void forget() {
    if (stored != null) {
      stored.close();
    }
    stored = null;
    name = null;
  }

  /** Somebody has made the file shorter: what is there of it is executed, the rest is made anew; the next run finds it damaged and replaces it. */
  private void lost() {
    String what = name;
    forget();
    tell(folder.cut(what));
  }

  /** The engine has ended: its code is written, if much of it is new. */
  void keep(HostCode host, int end) {
    int known = stored == null ? origin : stored.end();
    if (spoiled || name == null || end > MOST || (end - known) * (long) PART <= known - origin) {
      return;
    }
    try {
      if (stored != null) {
        stored.bringAll();
      }
    } catch (IOException cut) {
      lost();
      return;
    }
    try {
      folder.write(name, StoredCode.of(origin, end, cpu.shift(), firstExit, exits, stored), identity, host);
    } catch (TranslationFolder.Refused refused) {
      tell(refused);
    }
  }

  private void tell(TranslationFolder.Refused refused) {
    if (folder.isNews(refused)) {
      cpu.tell(refused.getMessage());
    }
  }
}
