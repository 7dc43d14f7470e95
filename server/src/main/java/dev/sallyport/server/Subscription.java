package dev.sallyport.server;

import dev.sallyport.protocol.Json;
import dev.sallyport.protocol.JsonObject;
import dev.sallyport.protocol.Message;
import dev.sallyport.protocol.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one listener wants to hear of and has not been told yet. Changes that come while it is slow
 * are told once: there is never more waiting than what it subscribed to. Thread-safe.
 */
final class Subscription {
  private final Set<Method> lists;
  private final Set<String> uris;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Set<Method> changedLists = new LinkedHashSet<>();
  private final Set<String> changedUris = new LinkedHashSet<>();
  private boolean ended;

  /**
   * @param lists the list-changed methods it wants
   * @param uris of resources it wants
   */
  Subscription(Set<Method> lists, Set<String> uris) {
    this.lists = Set.copyOf(lists);
    this.uris = Set.copyOf(uris);
  }

  void listChanged(Method list) {
    if (lists.contains(list)) {
      lock.lock();
      try {
        changedLists.add(list);
        news.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  void resourceChanged(String uri) {
    if (uris.contains(uri)) {
      lock.lock();
      try {
        changedUris.add(uri);
        news.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Blocks for the next notifications; none says that the subscription has ended. */
  List<Message.Notification> await() throws InterruptedException {
    lock.lock();
    try {
      while (!ended && changedLists.isEmpty() && changedUris.isEmpty()) {
        news.await();
      }
      List<Message.Notification> due = new ArrayList<>();
      if (!ended) {
        changedLists.forEach(
            list -> due.add(new Message.Notification(list.text(), JsonObject.EMPTY)));
        changedUris.forEach(
            uri ->
                due.add(
                    new Message.Notification(
                        Method.RESOURCE_UPDATED.text(), JsonObject.of("uri", Json.of(uri)))));
      }
      changedLists.clear();
      changedUris.clear();
      return due;
    } finally {
      lock.unlock();
    }
  }
}
