package dev.backout.workflow;

import dev.backout.history.Telling;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/** Tells somebody outside. May be called twice with the same event. */
@ActivityInterface
public interface NotifyActivity {
  String TYPE = Telling.ACTIVITY;

  /** Fails with a sentence for people, of type {@code TRANSIENT} where it may work later. */
  @ActivityMethod(name = TYPE)
  void tell(Notification notification);
}
