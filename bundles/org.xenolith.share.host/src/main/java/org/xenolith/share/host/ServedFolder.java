// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.xenolith.command.api.HostReason;
import org.xenolith.ninep.kit.Message;
import org.xenolith.share.api.FolderAnswers;
import org.xenolith.share.api.FolderServer;

/** A folder with what is asked of it, and what a snapshot needs to know of that. */
final class ServedFolder implements FolderServer {
  private final String name;
  private final Folder folder;
  private final LinuxFiles host;
  private final FolderSession session;
  private final FolderAnswers machine;
  private final Consumer<String> messages;
  /** Asked and not carried out, in order: ids only grow. */
  private final Map<Long, byte[]> asked = new TreeMap<>();
  /** Answered, and not taken by the machine yet. */
  private final Map<Long, byte[]> answers = new TreeMap<>();
  private boolean closed;

  ServedFolder(String name, Folder folder, LinuxFiles host, FolderAnswers machine, Consumer<String> messages) {
    this.name = name;
    this.folder = folder;
    this.host = host;
    this.machine = machine;
    this.messages = messages;
    session = new FolderSession(folder, host);
  }

  @Override
  public synchronized void request(long id, byte[] message) {
    asked.put(id, message);
  }

  @Override
  public synchronized void work() {
    while (!closed && !asked.isEmpty()) {
      long id = asked.keySet().iterator().next();
      byte[] answer = answer(asked.remove(id));
      answers.put(id, answer);
      machine.answer(id, answer);
    }
  }

  @Override
  public synchronized void taken(long id) {
    answers.remove(id);
  }

  private byte[] answer(byte[] request) {
    try {
      return session.answer(request);
    } catch (RuntimeException bug) {
      messages.accept(name + ": a request of the guest's couldn't be served: " + bug);
      return Message.error(Message.tag(request, 0), FileError.IO);
    }
  }

  @Override
  public synchronized byte[] save() {
    return closed ? new byte[0] : SavedSession.bytes(session, asked, answers);
  }

  @Override
  public synchronized void restore(byte[] saved, long[] pending) {
    if (saved.length > 0) {
      read(saved);
    }
    Map<Long, byte[]> again = new TreeMap<>();
    for (long id : pending) {
      if (!asked.containsKey(id)) {
        again.put(id, answers.getOrDefault(id, Message.error(Message.NO_TAG, FileError.IO)));
      }
    }
    answers.clear();
    answers.putAll(again);
    again.forEach(machine::answer);
  }

  private void read(byte[] saved) {
    try (DataInputStream in = SavedSession.reader(saved)) {
      SavedSession.read(session, folder, host, in, text -> messages.accept(name + ": " + text));
      asked.putAll(SavedSession.messages(in));
      answers.putAll(SavedSession.messages(in));
    } catch (IOException e) {
      throw new IllegalArgumentException("what a snapshot has of " + name + " can't be read: " + HostReason.of(e).text());
    }
  }

  @Override
  public String description() {
    return name + (folder.readOnly() ? ", to be read only" : "");
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      session.fids().clear();
      folder.close();
      host.close();
    }
  }
}
