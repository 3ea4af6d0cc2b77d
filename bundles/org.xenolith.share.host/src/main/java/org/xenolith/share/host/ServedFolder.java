// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.xenolith.ninep.kit.Message;
import org.xenolith.share.api.FolderAnswers;
import org.xenolith.share.api.FolderServer;

/** A folder with a thread that carries requests out, one after another. */
final class ServedFolder implements FolderServer {
  private static final long END = 2000;

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
  private final Thread thread;
  private boolean closed;
  /** Held while a request is carried out, and while all of that is saved. */
  private final Object working = new Object();

  ServedFolder(String name, Folder folder, LinuxFiles host, FolderAnswers machine, Consumer<String> messages) {
    this.name = name;
    this.folder = folder;
    this.host = host;
    this.machine = machine;
    this.messages = messages;
    session = new FolderSession(folder, host);
    thread = Thread.ofPlatform().daemon().name("folder " + name).start(this::work);
  }

  @Override
  public synchronized void request(long id, byte[] message) {
    asked.put(id, message);
    notifyAll();
  }

  @Override
  public synchronized void taken(long id) {
    answers.remove(id);
  }

  @Override
  public synchronized boolean busy() {
    return !closed && !(asked.isEmpty() && answers.isEmpty());
  }

  private void work() {
    try {
      for (;;) {
        long id = next();
        if (id < 0) {
          return;
        }
        byte[] answer = answer(id);
        if (answer != null) {
          machine.answer(id, answer);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The oldest request; negative when it is over. */
  private synchronized long next() throws InterruptedException {
    while (!closed && asked.isEmpty()) {
      wait();
    }
    return closed ? -1 : asked.keySet().iterator().next();
  }

  private byte[] answer(long id) {
    synchronized (working) {
      byte[] request;
      synchronized (this) {
        if (closed) {
          return null;
        }
        request = asked.get(id);
      }
      byte[] answer = answer(request);
      synchronized (this) {
        asked.remove(id);
        answers.put(id, answer);
      }
      return answer;
    }
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
  public byte[] save() {
    synchronized (working) {
      synchronized (this) {
        return closed ? new byte[0] : SavedSession.bytes(session, asked, answers);
      }
    }
  }

  @Override
  public void restore(byte[] saved, long[] pending) {
    Map<Long, byte[]> again = new TreeMap<>();
    synchronized (working) {
      synchronized (this) {
        if (saved.length > 0) {
          read(saved);
        }
        for (long id : pending) {
          if (!asked.containsKey(id)) {
            again.put(id, answers.computeIfAbsent(id, none -> Message.error(Message.NO_TAG, FileError.IO)));
          }
        }
        answers.keySet().retainAll(again.keySet());
        notifyAll();
      }
    }
    again.forEach(machine::answer);
  }

  private void read(byte[] saved) {
    try (DataInputStream in = SavedSession.reader(saved)) {
      SavedSession.read(session, folder, host, in, text -> messages.accept(name + ": " + text));
      asked.putAll(SavedSession.messages(in));
      answers.putAll(SavedSession.messages(in));
    } catch (IOException e) {
      throw new IllegalArgumentException("what a snapshot has of " + name + " can't be read: " + e.getMessage());
    }
  }

  @Override
  public String description() {
    return name + (folder.readOnly() ? ", to be read only" : "");
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      return; // the host doesn't come back: what it holds goes with the process
    }
    synchronized (working) {
      session.fids().clear();
      folder.close();
      host.close();
    }
  }
}
