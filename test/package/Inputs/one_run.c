/* One run of the fake model, with what an installation offers. */

#include "fake_model.h"

#include <stdio.h>

int main(void) {
  vitc_session_config config = fake_config();
  vitc_session *session = NULL;
  vitc_message message = {""};
  float input[FAKE_TOKENS * FAKE_IN], logits[FAKE_OUT];
  float tokens[FAKE_TOKENS * FAKE_OUT];
  fake_input(input, 0);
  const void *inputs[] = {input};
  void *outputs[] = {logits, tokens};
  vitc_pool *pool = NULL;
  vitc_status status = vitc_pool_create(2, &pool, &message);
  config.parallel = vitc_pool_parallel(pool);
  if (status == VITC_OK)
    status = vitc_session_create(&config, &session, &message);
  if (status == VITC_OK)
    status = vitc_session_run(session, inputs, outputs, 1, &message);
  printf("%s %s\n", vitc_status_name(status), message.text);
  vitc_session_destroy(session);
  vitc_pool_destroy(pool);
  return status != VITC_OK;
}
