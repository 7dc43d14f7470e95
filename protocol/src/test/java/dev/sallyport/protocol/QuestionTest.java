package dev.sallyport.protocol;

import static dev.sallyport.protocol.Texts.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          roots/list             | {}                 | {'roots':{}}                 | fits
          roots/list             | {}                 | {'sampling':{}}              | {"roots":{}}
          sampling/createMessage | {}                 | {'sampling':{}}              | fits
          sampling/createMessage | {}                 | {}                           | {"sampling":{}}
          sampling/createMessage | {'tools':[]}       | {'sampling':{'tools':{}}}    | fits
          sampling/createMessage | {'tools':[]}       | {'sampling':{}}              | {"sampling":{"tools":{}}}
          sampling/createMessage | {'toolChoice':{}}  | {'sampling':{}}              | {"sampling":{"tools":{}}}
          sampling/createMessage | {'toolChoice':{}}  | {}                           | {"sampling":{"tools":{}}}
          elicitation/create     | {}                 | {'elicitation':{}}           | fits
          elicitation/create     | {'mode':'form'}    | {'elicitation':{'url':{}}}   | {"elicitation":{"form":{}}}
          elicitation/create     | {'mode':'url'}     | {'elicitation':{'url':{}}}   | fits
          elicitation/create     | {'mode':'url'}     | {'elicitation':{}}           | {"elicitation":{"url":{}}}
          elicitation/create     | {'mode':'voice'}   | {'elicitation':{}}           | {"elicitation":{"voice":{}}}
          tools/call             | {}                 | {'roots':{},'sampling':{}}   | unknown
          made/up                | {}                 | {'roots':{},'sampling':{}}   | unknown
          """)
  void a_client_is_asked_what_it_declared_and_nothing_else(
      String method, String params, String capabilities, String expected) { // MR-05, CM-09
    ClientContext client =
        new ClientContext(
            ProtocolVersion.LATEST_MODERN,
            object(capabilities),
            Optional.empty(),
            Optional.empty());

    String fit =
        switch (new Question("k", method, object(params)).fit(client)) {
          case Question.Fit.Fits _ -> "fits";
          case Question.Fit.Undeclared(var required) -> required.toJson().text();
          case Question.Fit.Unknown _ -> "unknown";
        };

    assertThat(fit).isEqualTo(expected);
  }
}
